package org.bindsql.rules;

import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.bindsql.rel.ArrowTableScan;
import org.bindsql.table.BatchTable;

/**
 * Rule that turns a scan of a {@link BatchTable} into a logical {@link ArrowTableScan}, into which
 * the other push-down rules can push.
 *
 * @see BindRules#PUSH_DOWNS
 */
final class LogicalScanRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "LogicalScanRule",
          b -> b.operand(LogicalTableScan.class).noInputs(),
          LogicalScanRule::new);

  private LogicalScanRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalTableScan scan = call.rel(0);
    if (scan.getTable().unwrap(BatchTable.class) == null) {
      return; // some other table
    }
    call.transformTo(ArrowTableScan.createLogical(scan.getCluster(), scan.getTable()));
  }
}
