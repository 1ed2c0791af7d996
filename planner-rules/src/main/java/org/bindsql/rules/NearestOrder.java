package org.bindsql.rules;

import java.util.List;
import java.util.function.Predicate;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelFieldCollation.Direction;
import org.apache.calcite.rel.RelFieldCollation.NullDirection;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.bindsql.rel.DistanceKind;
import org.bindsql.table.FingerprintTable;
import org.jspecify.annotations.Nullable;

/**
 * An order that a search has: nearest first, ties in any order or by the row key.
 *
 * @param distance what rows are ordered by
 * @param nullsFirst whether rows with a NULL distance come first
 */
record NearestOrder(DistanceCall distance, boolean nullsFirst) {
  /**
   * The order of sort keys, or null if it is another.
   *
   * @param keys directions of the keys
   * @param expressions the keys, over the columns of the table
   * @param isQuery as of {@link DistanceCall}
   */
  static @Nullable NearestOrder of(
      List<RelFieldCollation> keys,
      List<RexNode> expressions,
      FingerprintTable table,
      Predicate<RexNode> isQuery) {
    if (keys.isEmpty()) {
      return null;
    }
    RelFieldCollation key = keys.getFirst();
    DistanceCall distance = DistanceCall.of(expressions.getFirst(), table, isQuery);
    if (distance == null
        || key.direction
            != (distance.kind() == DistanceKind.SIMILARITY
                ? Direction.DESCENDING
                : Direction.ASCENDING)
        || !areTies(keys, expressions, table)) {
      return null;
    }
    NullDirection nulls =
        key.nullDirection == NullDirection.UNSPECIFIED
            ? key.direction.defaultNullDirection()
            : key.nullDirection;
    return new NearestOrder(distance, nulls == NullDirection.FIRST);
  }

  /** Whether what follows the first key orders ties as the search does. */
  private static boolean areTies(
      List<RelFieldCollation> keys, List<RexNode> expressions, FingerprintTable table) {
    return keys.size() == 1
        || (keys.size() == 2
            && keys.get(1).direction == Direction.ASCENDING
            && expressions.get(1) instanceof RexInputRef ref
            && ref.getIndex() == table.rowKeyColumn());
  }
}
