package org.bindsql.rules;

import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.bindsql.rel.HdrCascadeRange;

/**
 * Rule that answers a filter with a conjunct {@code hamming_distance(column, constant) <= radius},
 * or {@code similarity(column, constant) >= bound}, or an equality, by an {@link HdrCascadeRange}.
 *
 * <p>It matches the filter alone, and the filter under a projection, so that only columns that are
 * wanted are fetched.
 */
final class HdrCascadeRangeRule extends RelRule<RuleConfig> {
  static final RelOptRule FILTER =
      RuleConfig.rule(
          "HdrCascadeRangeRule(Filter)",
          b -> b.operand(LogicalFilter.class).anyInputs(),
          HdrCascadeRangeRule::new);

  static final RelOptRule PROJECT_FILTER =
      RuleConfig.rule(
          "HdrCascadeRangeRule(Project-Filter)",
          b ->
              b.operand(LogicalProject.class)
                  .oneInput(f -> f.operand(LogicalFilter.class).anyInputs()),
          HdrCascadeRangeRule::new);

  private HdrCascadeRangeRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    RelNode top = call.rel(0);
    SearchInput input = SearchInput.of(top);
    if (input == null) {
      return;
    }
    RexBuilder rexBuilder = top.getCluster().getRexBuilder();
    DistanceCall distance = CascadePlan.boundedDistance(input, rexBuilder);
    if (distance == null) {
      return;
    }
    CascadePlan plan = CascadePlan.of(input, distance, rexBuilder);
    HdrCascadeRange search = HdrCascadeRange.create(top.getCluster(), input.table(), plan.search());
    call.transformTo(
        plan.isIdentity()
            ? search
            : LogicalProject.create(search, List.of(), plan.outputs(), top.getRowType(), Set.of()));
  }
}
