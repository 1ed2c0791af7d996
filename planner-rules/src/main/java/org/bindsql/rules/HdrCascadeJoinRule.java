package org.bindsql.rules;

import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.util.Util;
import org.bindsql.rel.HdrCascadeJoin;

/**
 * Rule that answers a join {@code ON hamming_distance(a.code, b.code) <= radius}, or {@code
 * similarity(a.code, b.code) >= bound}, and perhaps more, by an {@link HdrCascadeJoin}.
 *
 * <p>It matches the join alone, and the join under a projection, so that only columns that are
 * wanted are fetched and a distance that is wanted is not computed again.
 */
final class HdrCascadeJoinRule extends RelRule<RuleConfig> {
  static final RelOptRule JOIN =
      RuleConfig.rule(
          "HdrCascadeJoinRule(Join)",
          b -> b.operand(LogicalJoin.class).predicate(HdrCascadeJoinRule::compares).anyInputs(),
          HdrCascadeJoinRule::new);

  static final RelOptRule PROJECT_JOIN =
      RuleConfig.rule(
          "HdrCascadeJoinRule(Project-Join)",
          b ->
              b.operand(LogicalProject.class)
                  .predicate(p -> !p.containsOver() && p.getVariablesSet().isEmpty())
                  .oneInput(j ->
                      j.operand(LogicalJoin.class)
                          .predicate(HdrCascadeJoinRule::compares)
                          .anyInputs()),
          HdrCascadeJoinRule::new);

  private HdrCascadeJoinRule(RuleConfig config) {
    super(config);
  }

  /** Whether a distance is part of the condition: a quick test, as most joins have none. */
  private static boolean compares(LogicalJoin join) {
    try {
      join.getCondition()
          .accept(
              new RexVisitorImpl<Void>(true) {
                @Override
                public Void visitCall(RexCall call) {
                  if (DistanceCall.isDistance(call)) {
                    throw Util.FoundOne.NULL;
                  }
                  return super.visitCall(call);
                }
              });
      return false;
    } catch (Util.FoundOne e) {
      return true;
    }
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    RelNode top = call.rel(0);
    LogicalJoin join = call.rel(call.rels.length - 1);
    for (JoinInput input : JoinInput.of(join)) {
      DistanceCall distance = JoinPlan.boundedDistance(input);
      if (distance == null) {
        continue;
      }
      List<RexNode> wanted =
          top instanceof LogicalProject project
              ? Substitution.of(project.getProjects(), input.outputs())
              : input.outputs();
      JoinPlan plan = JoinPlan.of(input, distance, wanted, null);
      if (plan != null) {
        call.transformTo(plan.project(plan.outputs(), top.getRowType()));
        return;
      }
    }
  }
}
