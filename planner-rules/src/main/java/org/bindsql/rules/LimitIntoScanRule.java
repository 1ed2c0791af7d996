package org.bindsql.rules;

import java.math.BigDecimal;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.bindsql.rel.ArrowTableScan;
import org.jspecify.annotations.Nullable;

/**
 * Rule that tells a scan how many rows a LIMIT above it can use; the LIMIT stays.
 *
 * @see org.bindsql.table.BatchTable#canLimit
 * @see BindRules#PUSH_DOWNS
 */
final class LimitIntoScanRule extends RelRule<RuleConfig> {
  private static final BigDecimal GREATEST = BigDecimal.valueOf(Long.MAX_VALUE);

  static final RelOptRule RULE =
      RuleConfig.rule(
          "LimitIntoScanRule",
          sort ->
              sort.operand(LogicalSort.class)
                  .oneInput(
                      scan -> scan.operand(ArrowTableScan.class).trait(Convention.NONE).noInputs()),
          LimitIntoScanRule::new);

  private LimitIntoScanRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalSort sort = call.rel(0);
    ArrowTableScan scan = call.rel(1);
    BigDecimal fetch = literal(sort.fetch);
    BigDecimal offset = sort.offset == null ? BigDecimal.ZERO : literal(sort.offset);
    if (!sort.getCollation().getFieldCollations().isEmpty()
        || fetch == null
        || offset == null
        || scan.limit() >= 0
        || !scan.batchTable().canLimit()) {
      return; // sorted first, bound at run time, done before, or of no use to the table
    }
    BigDecimal rows = offset.add(fetch);
    if (rows.compareTo(GREATEST) >= 0) {
      return; // as good as none
    }
    RelNode limited = scan.withLimit(rows.longValue());
    call.transformTo(sort.copy(sort.getTraitSet(), List.of(limited)));
  }

  private static @Nullable BigDecimal literal(@Nullable RexNode node) {
    return node instanceof RexLiteral literal ? literal.getValueAs(BigDecimal.class) : null;
  }
}
