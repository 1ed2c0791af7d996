package org.bindsql.rules;

import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.sql.SqlKind;
import org.bindsql.rel.ArrowCount;
import org.bindsql.rel.ArrowTableScan;

/**
 * Rule that answers COUNT(*) over a scan by asking the table.
 *
 * @see org.bindsql.table.BatchTable#canCount
 * @see BindRules#PUSH_DOWNS
 */
final class CountIntoScanRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "CountIntoScanRule",
          aggregate ->
              aggregate
                  .operand(LogicalAggregate.class)
                  .oneInput(
                      scan -> scan.operand(ArrowTableScan.class).trait(Convention.NONE).noInputs()),
          CountIntoScanRule::new);

  private CountIntoScanRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalAggregate aggregate = call.rel(0);
    ArrowTableScan scan = call.rel(1);
    if (!aggregate.getGroupSet().isEmpty()
        || aggregate.getGroupSets().size() != 1
        || aggregate.getAggCallList().size() != 1
        || !countsRows(aggregate.getAggCallList().getFirst())
        || scan.limit() >= 0
        || !scan.batchTable().canCount(scan.filter())) {
      return; // something else, or the table would have to read
    }
    call.transformTo(ArrowCount.create(scan, aggregate.getRowType()));
  }

  private static boolean countsRows(AggregateCall call) {
    return call.getAggregation().getKind() == SqlKind.COUNT
        && call.getArgList().isEmpty()
        && !call.isDistinct()
        && !call.hasFilter();
  }
}
