package org.bindsql.rules;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelCollations;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalSort;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.bindsql.rel.HdrCascadeTopK;
import org.jspecify.annotations.Nullable;

/**
 * Rule that answers {@code ORDER BY hamming_distance(column, constant) LIMIT k} by an {@link
 * HdrCascadeTopK}, whatever projections and filters stand between the sort and the scan.
 *
 * <p>The distance may also be {@code semantic_distance}, or {@code similarity} descending. A second
 * sort key is allowed only if it is the row key ascending, which is how the search breaks ties.
 */
final class HdrCascadeTopKRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "HdrCascadeTopKRule",
          b ->
              b.operand(LogicalSort.class)
                  .predicate(sort ->
                      sort.fetch != null && !sort.getCollation().getFieldCollations().isEmpty())
                  .anyInputs(),
          HdrCascadeTopKRule::new);

  private HdrCascadeTopKRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalSort sort = call.rel(0);
    if (!isRowCount(sort.fetch) || (sort.offset != null && !isRowCount(sort.offset))) {
      return; // no LIMIT, or one that is known to nobody yet
    }
    SearchInput input = SearchInput.of(sort.getInput());
    if (input == null) {
      return;
    }
    List<RelFieldCollation> keys = sort.getCollation().getFieldCollations();
    NearestOrder order =
        NearestOrder.of(
            keys,
            keys.stream().map(key -> input.outputs().get(key.getFieldIndex())).toList(),
            input.fingerprintTable(),
            RexUtil::isConstant);
    if (order == null) {
      return;
    }
    call.transformTo(rewrite(sort, input, order.distance()));
  }

  static boolean isRowCount(@Nullable RexNode node) {
    return node instanceof RexLiteral || node instanceof RexDynamicParam;
  }

  private static RelNode rewrite(LogicalSort sort, SearchInput input, DistanceCall distance) {
    CascadePlan plan = CascadePlan.of(input, distance, sort.getCluster().getRexBuilder());
    HdrCascadeTopK search =
        HdrCascadeTopK.create(
            sort.getCluster(),
            input.table(),
            plan.search(),
            requireNonNull(sort.fetch),
            sort.offset,
            collation(sort, plan));
    if (plan.isIdentity()) {
      return search;
    }
    LogicalProject project =
        LogicalProject.create(search, List.of(), plan.outputs(), sort.getRowType(), Set.of());
    // The order is the sort's own, so that no other sort is put above.
    return project.copy(project.getTraitSet().replace(sort.getCollation()), project.getInputs());
  }

  /** The sort's collation in terms of the search's fields. */
  private static RelCollation collation(LogicalSort sort, CascadePlan plan) {
    return RelCollations.of(
        sort.getCollation().getFieldCollations().stream()
            .map(key ->
                key.withFieldIndex(
                    ((RexInputRef) plan.outputs().get(key.getFieldIndex())).getIndex()))
            .toList());
  }
}
