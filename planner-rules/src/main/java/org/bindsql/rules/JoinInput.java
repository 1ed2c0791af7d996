package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.logical.LogicalJoin;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.table.FingerprintTable;
import org.jspecify.annotations.Nullable;

/**
 * Projections and filters over a join of a fingerprint table with some other input, whose rows are
 * the queries.
 *
 * <p>Expressions are over the columns of the table followed by the fields of the other input.
 *
 * @param table the table to search
 * @param queries the other input
 * @param keepsQueries whether rows of the other input that match nothing are kept
 * @param outputs the fields of the topmost relation
 * @param conjuncts what filters and the join's condition demand
 * @param own those that filters below the join demand of the table
 */
record JoinInput(
    RelOptTable table,
    RelNode queries,
    boolean keepsQueries,
    List<RexNode> outputs,
    List<RexNode> conjuncts,
    List<RexNode> own) {

  /** The table's search interface. */
  FingerprintTable fingerprintTable() {
    return table.unwrapOrThrow(FingerprintTable.class);
  }

  /** Number of the table's columns, and of the first field of the other input. */
  int tableColumns() {
    return table.getRowType().getFieldCount();
  }

  /** Whether an expression refers to fields of the other input, and to nothing else. */
  boolean isOfQueries(RexNode node) {
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(node);
    return !used.isEmpty() && used.nth(0) >= tableColumns();
  }

  /** Whether an expression refers to columns of the table, or to nothing. */
  boolean isOfTable(RexNode node) {
    return RelOptUtil.InputFinder.bits(node).length() <= tableColumns();
  }

  /**
   * Ways to see {@code rel} so: none, one, or two if both inputs of the join are tables; the one
   * with fewer queries first. An outer join is none if there is anything above it.
   */
  static List<JoinInput> of(RelNode rel) {
    List<JoinInput> found =
        Descent.from(
            rel,
            false,
            (end, outputs, conjuncts) ->
                end instanceof LogicalJoin join ? atJoin(join, outputs, conjuncts) : null);
    return found == null ? List.of() : found;
  }

  private static @Nullable List<JoinInput> atJoin(
      LogicalJoin join, List<RexNode> outputs, List<RexNode> conjuncts) {
    JoinRelType type = join.getJoinType();
    boolean outer = type == JoinRelType.LEFT || type == JoinRelType.RIGHT;
    if (!join.getVariablesSet().isEmpty()
        || (type != JoinRelType.INNER && !outer)
        || (outer && !(conjuncts.isEmpty() && isIdentity(outputs)))) {
      return null;
    }
    List<RexNode> all = new ArrayList<>(RelOptUtil.conjunctions(join.getCondition()));
    all.addAll(conjuncts);
    JoinInput right = type == JoinRelType.RIGHT ? null : of(join, true, outputs, all);
    JoinInput left = type == JoinRelType.LEFT ? null : of(join, false, outputs, all);
    if (left == null || right == null) {
      return left != null ? List.of(left) : right != null ? List.of(right) : null;
    }
    return rows(left) < rows(right) ? List.of(left, right) : List.of(right, left);
  }

  private static boolean isIdentity(List<RexNode> outputs) {
    for (int i = 0; i < outputs.size(); i++) {
      if (!(outputs.get(i) instanceof RexInputRef ref) || ref.getIndex() != i) {
        return false;
      }
    }
    return true;
  }

  private static double rows(JoinInput input) {
    return input.queries.getCluster().getMetadataQuery().getRowCount(input.queries);
  }

  private static @Nullable JoinInput of(
      LogicalJoin join, boolean searchesRight, List<RexNode> outputs, List<RexNode> conjuncts) {
    RelNode searched = searchesRight ? join.getRight() : join.getLeft();
    RelNode queries = searchesRight ? join.getLeft() : join.getRight();
    SearchInput search = SearchInput.of(searched);
    boolean outer = join.getJoinType() != JoinRelType.INNER;
    if (search == null
        || !conjuncts.stream().allMatch(JoinInput::canMove)
        || (outer && !search.outputs().stream().allMatch(RexInputRef.class::isInstance))) {
      return null; // of a row that matches nothing an outer join makes NULLs, and computes nothing
    }
    int leftFields = join.getLeft().getRowType().getFieldCount();
    int searchedFrom = searchesRight ? leftFields : 0;
    int queriesFrom = searchesRight ? 0 : leftFields;
    int searchedCount = searched.getRowType().getFieldCount();
    int tableColumns = search.table().getRowType().getFieldCount();
    RexShuttle shuttle =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            int field = ref.getIndex() - searchedFrom;
            return field >= 0 && field < searchedCount
                ? search.outputs().get(field)
                : new RexInputRef(tableColumns + ref.getIndex() - queriesFrom, ref.getType());
          }
        };
    return new JoinInput(
        search.table(),
        queries,
        outer,
        shuttle.visitList(outputs),
        shuttle.visitList(conjuncts),
        search.conjuncts());
  }

  private static boolean canMove(RexNode node) {
    return RexUtil.isDeterministic(node)
        && !RexUtil.containsCorrelation(node)
        && RexUtil.SubQueryFinder.find(node) == null;
  }
}
