package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.CorrelationId;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.logical.LogicalCorrelate;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCorrelVariable;
import org.apache.calcite.rex.RexFieldAccess;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.bindsql.rel.HdrCascadeJoin;
import org.jspecify.annotations.Nullable;

/**
 * Rule that answers a k-nearest join by an {@link HdrCascadeJoin}:
 *
 * <pre>
 *   SELECT ... FROM q, LATERAL (SELECT ... FROM t WHERE ...
 *                               ORDER BY hamming_distance(t.code, q.code) LIMIT k)
 * </pre>
 *
 * <p>It is for plans before decorrelation, which makes of a LATERAL query what {@link
 * HdrCascadeRankRule} understands too, but joins the queries once more by their codes.
 */
final class HdrCascadeLateralRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "HdrCascadeLateralRule",
          b ->
              b.operand(LogicalCorrelate.class)
                  .predicate(c ->
                      c.getJoinType() == JoinRelType.INNER || c.getJoinType() == JoinRelType.LEFT)
                  .anyInputs(),
          HdrCascadeLateralRule::new);

  private HdrCascadeLateralRule(RuleConfig config) {
    super(config);
  }

  /** A sort with what is above it. */
  private record Sorted(Sort sort, List<RexNode> outputs, List<RexNode> conjuncts) {}

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalCorrelate correlate = call.rel(0);
    RelNode result = rewrite(correlate);
    if (result != null) {
      call.transformTo(result);
    }
  }

  private static @Nullable RelNode rewrite(LogicalCorrelate correlate) {
    boolean outer = correlate.getJoinType() == JoinRelType.LEFT;
    Sorted sorted =
        Descent.from(
            correlate.getRight(),
            true,
            (rel, outputs, conjuncts) ->
                rel instanceof Sort sort ? new Sorted(sort, outputs, conjuncts) : null);
    if (sorted == null
        || !HdrCascadeTopKRule.isRowCount(sorted.sort.fetch)
        || sorted.sort.offset != null
        || (outer && !sorted.conjuncts.isEmpty())) {
      return null;
    }
    SearchInput searched = SearchInput.ofCorrelated(sorted.sort.getInput());
    if (searched == null) {
      return null;
    }
    RexNode fetch = sorted.sort.fetch;
    int tableColumns = searched.table().getRowType().getFieldCount();
    Correlations correlations = new Correlations(correlate.getCorrelationId(), tableColumns);
    List<RexNode> fields = correlations.visitList(searched.outputs());
    List<RexNode> outputs = correlations.visitList(Substitution.of(sorted.outputs, fields));
    List<RexNode> above = correlations.visitList(Substitution.of(sorted.conjuncts, fields));
    List<RexNode> conjuncts = correlations.visitList(searched.conjuncts());
    if (correlations.foreign) {
      return null;
    }
    JoinInput input =
        new JoinInput(
            searched.table(), correlate.getLeft(), outer, List.of(), conjuncts, List.of());
    List<RelFieldCollation> keys = sorted.sort.getCollation().getFieldCollations();
    NearestOrder order =
        NearestOrder.of(
            keys,
            keys.stream().map(key -> fields.get(key.getFieldIndex())).toList(),
            input.fingerprintTable(),
            input::isOfQueries);
    if (order == null
        || conjuncts.stream().anyMatch(input::isOfQueries)) { // it would filter the queries
      return null;
    }
    List<RexNode> wanted = new ArrayList<>();
    for (RelDataTypeField field : correlate.getLeft().getRowType().getFieldList()) {
      wanted.add(new RexInputRef(tableColumns + field.getIndex(), field.getType()));
    }
    int queryFields = wanted.size();
    wanted.addAll(outputs);
    wanted.addAll(above);
    JoinPlan plan =
        JoinPlan.of(
            input,
            order.distance(),
            wanted,
            new JoinPlan.Nearest(fetch, null, order.nullsFirst(), null));
    return plan == null ? null : above(plan, correlate, queryFields, above.size());
  }

  /** What the correlation returns, of rows that satisfy the last of the plan's outputs. */
  private static RelNode above(
      JoinPlan plan, LogicalCorrelate correlate, int queryFields, int conditions) {
    RexBuilder rexBuilder = correlate.getCluster().getRexBuilder();
    int fields = plan.outputs().size() - conditions;
    List<RexNode> outputs = new ArrayList<>(plan.outputs().subList(0, fields));
    if (correlate.getJoinType() == JoinRelType.LEFT) {
      int number = plan.join().getRowType().getFieldCount() - 1;
      RexNode isFound =
          rexBuilder.makeCall(
              SqlStdOperatorTable.IS_NOT_NULL, rexBuilder.makeInputRef(plan.join(), number));
      for (int i = queryFields; i < fields; i++) {
        RexNode output = outputs.get(i);
        if (!(output instanceof RexInputRef ref)
            || ref.getIndex() < plan.join().form().inputColumns().size()) {
          // Where nothing is found it is NULL, whatever it would compute.
          outputs.set(
              i,
              rexBuilder.makeCall(
                  SqlStdOperatorTable.CASE,
                  isFound,
                  output,
                  rexBuilder.makeNullLiteral(output.getType())));
        }
      }
    }
    if (conditions == 0) {
      return plan.project(outputs, correlate.getRowType());
    }
    RelNode filtered =
        LogicalFilter.create(
            plan.join(),
            RexUtil.composeConjunction(
                rexBuilder, plan.outputs().subList(fields, plan.outputs().size())));
    return JoinPlan.project(filtered, outputs, correlate.getRowType());
  }

  /** Replaces the fields of the correlation variable by those of the other input. */
  private static final class Correlations extends RexShuttle {
    private final CorrelationId id;
    private final int tableColumns;

    /** Whether there was something else that varies from outside. */
    private boolean foreign;

    Correlations(CorrelationId id, int tableColumns) {
      this.id = id;
      this.tableColumns = tableColumns;
    }

    @Override
    public RexNode visitFieldAccess(RexFieldAccess access) {
      if (access.getReferenceExpr() instanceof RexCorrelVariable variable
          && variable.id.equals(id)) {
        return new RexInputRef(tableColumns + access.getField().getIndex(), access.getType());
      }
      return super.visitFieldAccess(access);
    }

    @Override
    public RexNode visitCorrelVariable(RexCorrelVariable variable) {
      foreign = true;
      return variable;
    }
  }
}
