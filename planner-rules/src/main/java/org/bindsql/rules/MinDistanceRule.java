package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.Direction;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Aggregate;
import org.apache.calcite.rel.core.AggregateCall;
import org.apache.calcite.rel.logical.LogicalAggregate;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.bindsql.rel.DistanceKind;
import org.bindsql.rel.HdrCascadeJoin;
import org.bindsql.rel.HdrCascadeTopK;
import org.bindsql.table.FingerprintTable;
import org.jspecify.annotations.Nullable;

/**
 * Rule that answers {@code MIN(hamming_distance(column, query))} or {@code MAX(similarity(column,
 * query))} by a search for the nearest row: an {@link HdrCascadeTopK} if the query is constant and
 * nothing is grouped, an {@link HdrCascadeJoin} if queries are joined with the table and grouped.
 *
 * <p>The aggregate stays above: it turns no row into NULL, and the nearest rows of several queries
 * of one group into the nearest of the group.
 */
final class MinDistanceRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "MinDistanceRule",
          b -> b.operand(LogicalAggregate.class).predicate(MinDistanceRule::isMin).anyInputs(),
          MinDistanceRule::new);

  private MinDistanceRule(RuleConfig config) {
    super(config);
  }

  /** Whether all it computes is the least or greatest of one field. */
  private static boolean isMin(LogicalAggregate aggregate) {
    List<AggregateCall> calls = aggregate.getAggCallList();
    if (calls.isEmpty() || aggregate.getGroupType() != Aggregate.Group.SIMPLE) {
      return false;
    }
    AggregateCall first = calls.getFirst();
    SqlKind kind = first.getAggregation().getKind();
    return (kind == SqlKind.MIN || kind == SqlKind.MAX)
        && calls.stream()
            .allMatch(call ->
                call.getAggregation().getKind() == kind
                    && call.getArgList().equals(first.getArgList())
                    && !call.hasFilter());
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalAggregate aggregate = call.rel(0);
    RelNode nearest =
        aggregate.getGroupSet().isEmpty() ? nearestOfAll(aggregate) : nearestOfEach(aggregate);
    if (nearest != null) {
      call.transformTo(aggregate.copy(aggregate.getTraitSet(), List.of(nearest)));
    }
  }

  private static @Nullable DistanceCall distance(
      LogicalAggregate aggregate,
      List<RexNode> outputs,
      FingerprintTable table,
      Predicate<RexNode> isQuery) {
    AggregateCall call = aggregate.getAggCallList().getFirst();
    DistanceCall distance =
        DistanceCall.of(outputs.get(call.getArgList().getFirst()), table, isQuery);
    return distance != null
            && (call.getAggregation().getKind() == SqlKind.MAX)
                == (distance.kind() == DistanceKind.SIMILARITY)
        ? distance
        : null;
  }

  /** The nearest row of the table; null if that is not what is asked for. */
  private static @Nullable RelNode nearestOfAll(LogicalAggregate aggregate) {
    SearchInput input = SearchInput.of(aggregate.getInput());
    if (input == null) {
      return nearestOfEach(aggregate);
    }
    DistanceCall distance =
        distance(aggregate, input.outputs(), input.fingerprintTable(), RexUtil::isConstant);
    if (distance == null) {
      return null;
    }
    RexBuilder rexBuilder = aggregate.getCluster().getRexBuilder();
    // Fields that are not aggregated are not needed, so they become NULL.
    List<RexNode> outputs = onlyUsed(aggregate, input.outputs(), rexBuilder);
    CascadePlan plan =
        CascadePlan.of(
            new SearchInput(input.table(), outputs, input.conjuncts()), distance, rexBuilder);
    RelFieldCollation key =
        new RelFieldCollation(
            plan.search().columns().size(),
            distance.kind() == DistanceKind.SIMILARITY ? Direction.DESCENDING : Direction.ASCENDING,
            NullDirection.LAST);
    HdrCascadeTopK search =
        HdrCascadeTopK.create(
            aggregate.getCluster(),
            input.table(),
            plan.search(),
            one(rexBuilder),
            null,
            RelCollations.of(key));
    return LogicalProject.create(
        search, List.of(), plan.outputs(), aggregate.getInput().getRowType(), Set.of());
  }

  private static RexNode one(RexBuilder rexBuilder) {
    return rexBuilder.makeExactLiteral(java.math.BigDecimal.ONE);
  }

  private static List<RexNode> onlyUsed(
      LogicalAggregate aggregate, List<RexNode> outputs, RexBuilder rexBuilder) {
    int used = aggregate.getAggCallList().getFirst().getArgList().getFirst();
    List<RexNode> result = new ArrayList<>();
    for (int i = 0; i < outputs.size(); i++) {
      result.add(
          i == used || aggregate.getGroupSet().get(i)
              ? outputs.get(i)
              : rexBuilder.makeNullLiteral(outputs.get(i).getType()));
    }
    return result;
  }

  /** The nearest row of the table for each query; null if that is not what is asked for. */
  private static @Nullable RelNode nearestOfEach(LogicalAggregate aggregate) {
    RexBuilder rexBuilder = aggregate.getCluster().getRexBuilder();
    for (JoinInput input : JoinInput.of(aggregate.getInput())) {
      DistanceCall distance =
          distance(aggregate, input.outputs(), input.fingerprintTable(), input::isOfQueries);
      if (distance == null
          || input.keepsQueries()
          || !aggregate.getGroupSet().toList().stream()
              .map(input.outputs()::get)
              .allMatch(key -> input.isOfQueries(key) || RexUtil.isConstant(key))) {
        continue;
      }
      JoinPlan plan =
          JoinPlan.of(
              input,
              distance,
              onlyUsed(aggregate, input.outputs(), rexBuilder),
              new JoinPlan.Nearest(one(rexBuilder), null, false, null));
      if (plan != null) {
        return plan.project(plan.outputs(), aggregate.getInput().getRowType());
      }
    }
    return null;
  }
}
