package org.bindsql.engine;

import org.apache.calcite.plan.RelOptPlanner;
import org.bindsql.rules.BindRules;

/** The planner rules of a session, beside those that Calcite registers itself. */
final class Rules {
  private Rules() {}

  static void register(RelOptPlanner planner, Session session) {
    (session.reference() ? BindRules.REFERENCE : BindRules.ALL).forEach(planner::addRule);
  }
}
