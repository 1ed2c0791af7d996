package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.bindsql.rel.ArrowTableScan;
import org.bindsql.table.BatchTable;
import org.bindsql.table.PushDown;

/**
 * Rule that moves into a scan the conjuncts that its table applies; the remainder stays as a
 * filter.
 *
 * @see BatchTable#pushDown
 * @see BindRules#PUSH_DOWNS
 */
final class FilterIntoScanRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "FilterIntoScanRule",
          filter ->
              filter
                  .operand(LogicalFilter.class)
                  .oneInput(
                      scan -> scan.operand(ArrowTableScan.class).trait(Convention.NONE).noInputs()),
          FilterIntoScanRule::new);

  private FilterIntoScanRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    ArrowTableScan scan = call.rel(1);
    if (scan.limit() >= 0 || !filter.getVariablesSet().isEmpty()) {
      return; // filtering after a limit is not filtering before it
    }
    RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
    List<RexNode> conjuncts = new ArrayList<>();
    for (RexNode conjunct : RelOptUtil.conjunctions(filter.getCondition())) {
      conjuncts.add(conjunct.accept(new Renumber(position -> scan.columns().get(position))));
    }
    PushDown pushDown = scan.batchTable().pushDown(conjuncts, rexBuilder);
    if (pushDown.accepted().isEmpty()) {
      return; // the table takes nothing
    }
    List<RexNode> pushed = new ArrayList<>(scan.filter());
    pushed.addAll(pushDown.accepted());
    ArrowTableScan filtered = scan.withFilter(pushed);
    List<RexNode> remainder = new ArrayList<>();
    for (RexNode conjunct : pushDown.remainder()) {
      remainder.add(conjunct.accept(new Renumber(column -> scan.columns().indexOf(column))));
    }
    RexNode condition = RexUtil.composeConjunction(rexBuilder, remainder);
    call.transformTo(remainder.isEmpty() ? filtered : LogicalFilter.create(filtered, condition));
  }

  /** Replaces the positions of references. */
  private static final class Renumber extends RexShuttle {
    private final IntUnaryOperator mapping;

    Renumber(IntUnaryOperator mapping) {
      this.mapping = mapping;
    }

    @Override
    public RexNode visitInputRef(RexInputRef ref) {
      return new RexInputRef(mapping.applyAsInt(ref.getIndex()), ref.getType());
    }
  }
}
