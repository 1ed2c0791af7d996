package org.bindsql.engine;

import org.apache.calcite.adapter.enumerable.EnumerableMergeUnionRule;
import org.apache.calcite.adapter.enumerable.EnumerableRules;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.logical.LogicalUnion;
import org.bindsql.rules.BindRules;

/** The planner rules of a session, beside those that Calcite registers itself. */
final class Rules {
  /**
   * Calcite's rule but for UNION with DISTINCT: there it limits each input before duplicates are
   * dropped (EnumerableMergeUnionRule of 1.42), so that rows are missing.
   */
  private static final RelOptRule MERGE_UNION_ALL =
      EnumerableMergeUnionRule.Config.DEFAULT_CONFIG
          .withDescription("MergeUnionAllRule")
          .withOperandSupplier(sort ->
              sort.operand(LogicalSort.class)
                  .oneInput(
                      union -> union.operand(LogicalUnion.class).predicate(u -> u.all).anyInputs()))
          .as(EnumerableMergeUnionRule.Config.class)
          .toRule();

  private Rules() {}

  static void register(RelOptPlanner planner, Session session) {
    // Calcite 1.42 takes the result of a left merge join for sorted by the right key too, though
    // NULL stands there wherever nothing matched; a merge join above it loses rows.
    planner.removeRule(EnumerableRules.ENUMERABLE_MERGE_JOIN_RULE);
    planner.removeRule(EnumerableRules.ENUMERABLE_MERGE_UNION_RULE);
    planner.addRule(MERGE_UNION_ALL);
    (session.reference() ? BindRules.REFERENCE : BindRules.ALL).forEach(planner::addRule);
  }
}
