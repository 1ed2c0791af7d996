package org.bindsql.rules;

import java.util.List;
import java.util.Locale;
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
 * Distance between a searchable column and a constant, whichever is written first.
 *
 * @param call the call itself, over the columns of the table
 * @param column position of the column in the table
 * @param query the constant: literal, parameter, or functions of those
 * @param queryFirst whether the query is the first argument
 */
record DistanceCall(
    RexCall call, DistanceKind kind, int column, RexNode query, boolean queryFirst) {

  /** The expression as a distance call, or null if it is none that can be searched for. */
  static @Nullable DistanceCall of(RexNode node, FingerprintTable table) {
    if (!(node instanceof RexCall call) || call.getOperands().size() != 2) {
      return null;
    }
    DistanceKind kind = kind(call.getOperator());
    if (kind == null) {
      return null;
    }
    List<RexNode> operands = call.getOperands();
    DistanceCall found = of(call, kind, operands.get(0), operands.get(1), false, table);
    return found != null ? found : of(call, kind, operands.get(1), operands.get(0), true, table);
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
      FingerprintTable table) {
    if (!(code instanceof RexInputRef column)
        || !RexUtil.isConstant(query)
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
