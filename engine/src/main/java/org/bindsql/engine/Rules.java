package org.bindsql.engine;

import org.apache.calcite.plan.RelOptPlanner;

/** The planner rules of a session, beside those that Calcite registers itself. */
final class Rules {
  private Rules() {}

  static void register(RelOptPlanner planner, Session session) {
    // Rules of ours are added where their tables are.
  }
}
