package org.bindsql.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalFilter;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexFieldCollation;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexOver;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.rex.RexVisitorImpl;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.rel.HdrCascadeJoin;
import org.bindsql.rel.RadiusBound;
import org.jspecify.annotations.Nullable;

/**
 * Rule that answers a k-nearest join by an {@link HdrCascadeJoin}:
 *
 * <pre>
 *   SELECT ... FROM (
 *     SELECT ..., ROW_NUMBER() OVER (PARTITION BY q.id
 *                                    ORDER BY hamming_distance(t.code, q.code)) AS n
 *     FROM q CROSS JOIN t WHERE ...)
 *   WHERE n &lt;= k
 * </pre>
 *
 * <p>The k first rows of a partition are among the k nearest of each query in it. So the join finds
 * those, and filter and window stay above it. Where the partition's keys are known to be unique
 * among the queries, the join's own numbers take the window's place. QUALIFY gives the same plan,
 * and so does a correlated LATERAL query after decorrelation.
 */
final class HdrCascadeRankRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "HdrCascadeRankRule",
          b ->
              b.operand(LogicalFilter.class)
                  .oneInput(p ->
                      p.operand(LogicalProject.class)
                          .predicate(project ->
                              project.containsOver() && project.getVariablesSet().isEmpty())
                          .anyInputs()),
          HdrCascadeRankRule::new);

  private HdrCascadeRankRule(RuleConfig config) {
    super(config);
  }

  /** A window's ROW_NUMBER and a bound on it. */
  private record Rank(RexOver number, RadiusBound bound) {}

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalFilter filter = call.rel(0);
    LogicalProject project = call.rel(1);
    if (!filter.getVariablesSet().isEmpty()) {
      return;
    }
    Rank rank = rank(filter, project);
    if (rank == null || !isOnlyWindow(rank.number, project)) {
      return; // another window would miss the rows that the join leaves out
    }
    for (JoinInput input : JoinInput.of(project.getInput())) {
      RelNode result = input.keepsQueries() ? null : rewrite(filter, project, rank, input);
      if (result != null) {
        call.transformTo(result);
        return;
      }
    }
  }

  private static @Nullable Rank rank(LogicalFilter filter, LogicalProject project) {
    RexBuilder rexBuilder = filter.getCluster().getRexBuilder();
    RexNode condition =
        Substitution.of(List.of(filter.getCondition()), project.getProjects()).getFirst();
    for (RexNode conjunct :
        RelOptUtil.conjunctions(RexUtil.expandSearch(rexBuilder, null, condition))) {
      if (conjunct instanceof RexCall comparison && comparison.getOperands().size() == 2) {
        RexNode left = comparison.getOperands().get(0);
        RexNode right = comparison.getOperands().get(1);
        Rank rank = rank(left, comparison.getKind(), right);
        rank = rank != null ? rank : rank(right, comparison.getKind().reverse(), left);
        if (rank != null) {
          return rank;
        }
      }
    }
    return null;
  }

  private static @Nullable Rank rank(RexNode number, SqlKind kind, RexNode value) {
    boolean bounds =
        kind == SqlKind.LESS_THAN || kind == SqlKind.LESS_THAN_OR_EQUAL || kind == SqlKind.EQUALS;
    return bounds
            && RexUtil.removeCast(number) instanceof RexOver over
            && over.getAggOperator().getKind() == SqlKind.ROW_NUMBER
            && SqlTypeUtil.isNumeric(number.getType())
            && SqlTypeUtil.isNumeric(value.getType())
            && RexUtil.isConstant(value)
            && RexUtil.isDeterministic(value)
        ? new Rank(over, new RadiusBound(false, kind == SqlKind.LESS_THAN, value))
        : null;
  }

  private static boolean isOnlyWindow(RexOver number, LogicalProject project) {
    Set<RexNode> windows = new HashSet<>();
    for (RexNode expression : project.getProjects()) {
      expression.accept(
          new RexVisitorImpl<Void>(true) {
            @Override
            public Void visitOver(RexOver over) {
              windows.add(over);
              return super.visitOver(over);
            }
          });
    }
    return windows.equals(Set.of(number));
  }

  private static @Nullable RelNode rewrite(
      LogicalFilter filter, LogicalProject project, Rank rank, JoinInput input) {
    List<RexNode> wanted = Substitution.of(project.getProjects(), input.outputs());
    RexOver number = (RexOver) Substitution.of(List.of(rank.number), input.outputs()).getFirst();
    List<RexNode> partition = number.getWindow().partitionKeys;
    List<RelFieldCollation> keys = new ArrayList<>();
    List<RexNode> expressions = new ArrayList<>();
    for (RexFieldCollation key : number.getWindow().orderKeys) {
      keys.add(new RelFieldCollation(keys.size(), key.getDirection(), key.getNullDirection()));
      expressions.add(key.left);
    }
    NearestOrder order =
        NearestOrder.of(keys, expressions, input.fingerprintTable(), input::isOfQueries);
    if (order == null
        || !partition.stream().allMatch(key -> input.isOfQueries(key) || RexUtil.isConstant(key))) {
      return null;
    }
    JoinPlan.Nearest nearest =
        new JoinPlan.Nearest(
            null, rank.bound, order.nullsFirst(), isUnique(partition, input) ? number : null);
    JoinPlan plan = JoinPlan.of(input, order.distance(), wanted, nearest);
    return plan == null
        ? null
        : LogicalFilter.create(
            plan.project(plan.outputs(), project.getRowType()), filter.getCondition());
  }

  /** Whether no two queries are in the same partition. */
  private static boolean isUnique(List<RexNode> partition, JoinInput input) {
    ImmutableBitSet.Builder fields = ImmutableBitSet.builder();
    for (RexNode key : partition) {
      if (key instanceof RexInputRef ref) {
        fields.set(ref.getIndex() - input.tableColumns());
      }
    }
    RelNode queries = input.queries();
    return Boolean.TRUE.equals(
        queries.getCluster().getMetadataQuery().areColumnsUnique(queries, fields.build()));
  }
}
