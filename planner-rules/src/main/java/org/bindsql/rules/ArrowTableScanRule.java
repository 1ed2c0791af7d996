package org.bindsql.rules;

import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.bindsql.rel.ArrowRel;
import org.bindsql.rel.ArrowTableScan;
import org.bindsql.table.BatchTable;
import org.jspecify.annotations.Nullable;

/** Rule that converts a scan of a {@link BatchTable} to an {@link ArrowTableScan}. */
final class ArrowTableScanRule extends ConverterRule {
  static final RelOptRule RULE =
      Config.INSTANCE
          .withConversion(
              LogicalTableScan.class, Convention.NONE, ArrowRel.CONVENTION, "ArrowTableScanRule")
          .withRuleFactory(ArrowTableScanRule::new)
          .toRule(ArrowTableScanRule.class);

  private ArrowTableScanRule(Config config) {
    super(config);
  }

  @Override
  public @Nullable RelNode convert(RelNode rel) {
    LogicalTableScan scan = (LogicalTableScan) rel;
    if (scan.getTable().unwrap(BatchTable.class) == null) {
      return null; // some other table
    }
    return ArrowTableScan.create(scan.getCluster(), scan.getTable());
  }
}
