package org.bindsql.rules;

import org.apache.calcite.plan.hep.HepPlanner;
import org.apache.calcite.plan.hep.HepProgram;
import org.apache.calcite.plan.hep.HepProgramBuilder;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelVisitor;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.rules.CoreRules;
import org.jspecify.annotations.Nullable;

/**
 * Makes of a LATERAL query for the k nearest rows one {@link org.bindsql.rel.HdrCascadeJoin},
 * before decorrelation takes it apart.
 *
 * <p>An application calls {@link #insert} on a plan just after conversion from SQL. It can also do
 * without: then the decorrelated plan is searched all the same, and joined with the queries again.
 */
public final class LateralSearches {
  private static final HepProgram PROGRAM =
      new HepProgramBuilder()
          .addRuleInstance(CoreRules.FILTER_CORRELATE) // queries are filtered before the search
          .addRuleInstance(HdrCascadeLateralRule.RULE)
          .build();

  private LateralSearches() {}

  /** The plan with such joins, or the plan itself if it has no such query. */
  public static RelNode insert(RelNode plan) {
    if (!isCorrelated(plan)) {
      return plan;
    }
    HepPlanner planner = new HepPlanner(PROGRAM, plan.getCluster().getPlanner().getContext());
    planner.setRoot(plan);
    return planner.findBestExp();
  }

  private static boolean isCorrelated(RelNode plan) {
    boolean[] found = {false};
    new RelVisitor() {
      @Override
      public void visit(RelNode node, int ordinal, @Nullable RelNode parent) {
        found[0] |= node instanceof LogicalCorrelate;
        if (!found[0]) {
          super.visit(node, ordinal, parent);
        }
      }
    }.go(plan);
    return found[0];
  }
}
