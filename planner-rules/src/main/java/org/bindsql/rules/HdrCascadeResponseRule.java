package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.Direction;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.ImmutableIntList;
import org.bindsql.functions.Functions;
import org.bindsql.rel.ArrowFilter;
import org.bindsql.rel.ArrowProject;
import org.bindsql.rel.ArrowRel;
import org.bindsql.rel.ArrowTableScan;
import org.bindsql.rel.ArrowTopK;
import org.bindsql.rel.CascadeSearch;
import org.bindsql.rel.DistanceKind;
import org.bindsql.rel.DistanceResponse;
import org.bindsql.rel.HdrCascadeTopK;
import org.bindsql.rel.RexCompiler;
import org.bindsql.table.PushDown;
import org.jspecify.annotations.Nullable;

/**
 * Rule that answers {@code ORDER BY mexican_hat(hamming_distance(column, constant), ...) DESC LIMIT
 * k} by an {@link HdrCascadeTopK}, which sorts if fewer than k rows have a positive response.
 */
final class HdrCascadeResponseRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "HdrCascadeResponseRule",
          b ->
              b.operand(LogicalSort.class)
                  .predicate(sort ->
                      HdrCascadeTopKRule.isRowCount(sort.fetch)
                          && sort.getCollation().getFieldCollations().size() == 1
                          && sort.getCollation().getFieldCollations().getFirst().direction
                              == Direction.DESCENDING)
                  .anyInputs(),
          HdrCascadeResponseRule::new);

  private HdrCascadeResponseRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalSort sort = call.rel(0);
    RelFieldCollation key = sort.getCollation().getFieldCollations().getFirst();
    SearchInput input =
        sort.offset == null || HdrCascadeTopKRule.isRowCount(sort.offset)
            ? SearchInput.of(sort.getInput())
            : null;
    if (input == null
        || !(input.outputs().get(key.getFieldIndex()) instanceof RexCall hat)
        || Functions.canonical(hat.getOperator()) != Functions.MEXICAN_HAT) {
      return;
    }
    List<RexNode> arguments = hat.getOperands().subList(1, hat.getOperands().size());
    DistanceCall distance = DistanceCall.of(hat.getOperands().getFirst(), input.fingerprintTable());
    if (distance == null
        || distance.kind() == DistanceKind.SIMILARITY
        || (!arguments.isEmpty() && arguments.size() != 3)
        || !arguments.stream()
            .allMatch(node -> RexUtil.isConstant(node) && RexUtil.isDeterministic(node))) {
      return;
    }
    RelNode result = rewrite(sort, input, distance, hat);
    if (result != null) {
      call.transformTo(result);
    }
  }

  private static @Nullable RelNode rewrite(
      LogicalSort sort, SearchInput input, DistanceCall distance, RexCall hat) {
    RexBuilder rexBuilder = sort.getCluster().getRexBuilder();
    RelFieldCollation key = sort.getCollation().getFieldCollations().getFirst();
    CascadePlan plan = CascadePlan.of(input, distance, rexBuilder);
    RexNode fetch = sort.fetch;
    ArrowRel otherwise = sortAll(sort, key, input, plan.search(), distance, hat);
    if (otherwise == null || fetch == null) {
      return null;
    }
    boolean nullsFirst =
        key.nullDirection == NullDirection.FIRST
            || (key.nullDirection == NullDirection.UNSPECIFIED
                && key.direction.defaultNullDirection() == NullDirection.FIRST);
    HdrCascadeTopK search =
        HdrCascadeTopK.ofResponse(
            sort.getCluster(),
            input.table(),
            plan.search(),
            fetch,
            sort.offset,
            nullsFirst,
            new DistanceResponse(
                hat.getOperands().subList(1, hat.getOperands().size()), otherwise));
    LogicalProject project =
        LogicalProject.create(search, List.of(), plan.outputs(), sort.getRowType(), Set.of());
    return project.copy(project.getTraitSet().replace(sort.getCollation()), project.getInputs());
  }

  /** The fields of the search by sorting the response of every row; null if batches cannot. */
  private static @Nullable ArrowRel sortAll(
      LogicalSort sort,
      RelFieldCollation key,
      SearchInput input,
      CascadeSearch search,
      DistanceCall distance,
      RexCall hat) {
    RexBuilder rexBuilder = sort.getCluster().getRexBuilder();
    RelDataType tableType = input.table().getRowType();
    PushDown pushDown = input.fingerprintTable().pushDown(input.conjuncts(), rexBuilder);
    List<RexNode> fields = new ArrayList<>();
    for (int column : search.columns()) {
      fields.add(new RexInputRef(column, tableType.getFieldList().get(column).getType()));
    }
    fields.add(distance.call());
    fields.add(withDoubles(hat, rexBuilder));
    List<RexNode> all = new ArrayList<>(fields);
    all.addAll(pushDown.remainder());
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(all, null);
    List<RexNode> scanned = new ArrayList<>(); // where each column of the table is
    for (int i = 0; i < tableType.getFieldCount(); i++) {
      RelDataType type = tableType.getFieldList().get(i).getType();
      scanned.add(new RexInputRef(used.get(i) ? used.indexOf(i) : 0, type));
    }
    List<RexNode> computed = Substitution.of(fields, scanned);
    List<RexNode> conditions = Substitution.of(pushDown.remainder(), scanned);
    if (!computed.stream().allMatch(node -> ArrowProject.isSupported(node, rexBuilder))
        || !conditions.stream()
            .allMatch(node -> RexCompiler.compile(node, rexBuilder).isPresent())) {
      return null;
    }
    RelNode rel =
        ArrowTableScan.create(
            sort.getCluster(),
            input.table(),
            ImmutableIntList.copyOf(used.asList()),
            pushDown.accepted(),
            -1);
    if (!conditions.isEmpty()) {
      rel = ArrowFilter.create(rel, RexUtil.composeConjunction(rexBuilder, conditions));
    }
    rel =
        ArrowProject.create(
            rel,
            computed,
            RexUtil.createStructType(rexBuilder.getTypeFactory(), computed, null, null));
    RelCollation order = RelCollations.of(key.withFieldIndex(fields.size() - 1));
    rel = ArrowTopK.create(rel, order, sort.offset, sort.fetch);
    List<RexNode> returned = new ArrayList<>();
    for (int i = 0; i < fields.size() - 1; i++) {
      returned.add(rexBuilder.makeInputRef(rel, i));
    }
    return ArrowProject.create(
        rel, returned, RexUtil.createStructType(rexBuilder.getTypeFactory(), returned, null, null));
  }

  /** The call with DECIMAL literals, which batches do not compute with, as DOUBLE. */
  private static RexNode withDoubles(RexCall hat, RexBuilder rexBuilder) {
    List<RexNode> operands = new ArrayList<>();
    for (RexNode operand : hat.getOperands()) {
      operands.add(
          operand instanceof RexLiteral literal
                  && literal.getType().getSqlTypeName() == SqlTypeName.DECIMAL
                  && RexLiteral.numberValue(literal) instanceof Number number
              ? rexBuilder.makeApproxLiteral(new java.math.BigDecimal(number.toString()))
              : operand);
    }
    return rexBuilder.makeCall(hat.getType(), hat.getOperator(), operands);
  }
}
