package org.bindsql.rules;

import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlOperator;
import org.bindsql.functions.Functions;
import org.bindsql.rel.DistanceKind;
import org.bindsql.table.FingerprintTable;
import org.jspecify.annotations.Nullable;

/**
 * Distance between a searchable column and a query, whichever is written first.
 *
 * @param call the call itself, over the columns of the table
 * @param column position of the column in the table
 * @param query a constant: literal, parameter, or functions of those; in a join an expression over
 *     the other input
 * @param queryFirst whether the query is the first argument
 */
record DistanceCall(
    RexCall call, DistanceKind kind, int column, RexNode query, boolean queryFirst) {

  /** The expression as a distance call, or null if it is none that can be searched for. */
  static @Nullable DistanceCall of(RexNode node, FingerprintTable table) {
    return of(node, table, RexUtil::isConstant);
  }

  /**
   * Like {@link #of(RexNode, FingerprintTable)}, for queries of another kind than constants.
   *
   * @param isQuery whether a deterministic expression is one that a column can be compared with
   */
  static @Nullable DistanceCall of(
      RexNode node, FingerprintTable table, Predicate<RexNode> isQuery) {
    if (!(node instanceof RexCall call) || call.getOperands().size() != 2) {
      return null;
    }
    DistanceKind kind = kind(call.getOperator());
    if (kind == null) {
      return null;
    }
    List<RexNode> operands = call.getOperands();
    DistanceCall found = of(call, kind, operands.get(0), operands.get(1), false, table, isQuery);
    return found != null
        ? found
        : of(call, kind, operands.get(1), operands.get(0), true, table, isQuery);
  }

  /** Whether a call is of a function that can be searched by, whatever its arguments. */
  static boolean isDistance(RexCall call) {
    return kind(call.getOperator()) != null;
  }

  private static @Nullable DistanceKind kind(SqlOperator operator) {
    SqlOperator canonical = Functions.canonical(operator);
    if (canonical == Functions.HAMMING_DISTANCE) {
      return DistanceKind.HAMMING;
    }
    if (canonical == Functions.SEMANTIC_DISTANCE) {
      return DistanceKind.SEMANTIC;
    }
    return canonical == Functions.SIMILARITY ? DistanceKind.SIMILARITY : null;
  }

  private static @Nullable DistanceCall of(
      RexCall call,
      DistanceKind kind,
      RexNode code,
      RexNode query,
      boolean queryFirst,
      FingerprintTable table,
      Predicate<RexNode> isQuery) {
    if (!(code instanceof RexInputRef column)
        || column.getIndex() >= table.arrowSchema().getFields().size()
        || !isQuery.test(query)
        || !RexUtil.isDeterministic(query)
        || !table.isSearchable(column.getIndex())) {
      return null;
    }
    ArrowType type = table.arrowSchema().getFields().get(column.getIndex()).getType();
    return type instanceof ArrowType.FixedSizeBinary binary
            && kind.mask().accepts(binary.getByteWidth())
        ? new DistanceCall(call, kind, column.getIndex(), query, queryFirst)
        : null;
  }

  /** Name of the function as messages show it. */
  String function() {
    return call.getOperator().getName().toLowerCase(Locale.ROOT);
  }

  /** Whether both are about the same differing bits, so that a bound on one bounds the other. */
  boolean countsSameBits(DistanceCall other) {
    return column == other.column && kind.mask() == other.kind.mask() && query.equals(other.query);
  }

  /** Whether both have the same value. */
  boolean hasSameValue(DistanceCall other) {
    return kind == other.kind && countsSameBits(other);
  }
}
