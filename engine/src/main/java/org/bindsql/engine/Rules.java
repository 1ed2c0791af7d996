package org.bindsql.engine;

import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.RelOptPlanner;
import org.bindsql.rules.BindRules;

/** The planner rules of a session, beside those that Calcite registers itself. */
final class Rules {
  private Rules() {}

  static void register(RelOptPlanner planner, Session session) {
    // Calcite 1.42 takes the result of a left merge join for sorted by the right key too, though
    // NULL
    // stands there wherever nothing matched; a merge join above it loses rows.
    planner.removeRule(EnumerableRules.ENUMERABLE_MERGE_JOIN_RULE);
    (session.reference() ? BindRules.REFERENCE : BindRules.ALL).forEach(planner::addRule);
  }
}
