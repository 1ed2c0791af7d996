package org.bindsql.table;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.type.ValueWidth;
import org.bindsql.vector.BatchReader;

/**
 * A table that is read as Arrow batches.
 *
 * <p>Implemented by a Calcite {@link org.apache.calcite.schema.Table}, whose row type must be
 * {@link org.bindsql.type.ArrowTypes#toRowType} of {@link #arrowSchema()}. All methods are
 * thread-safe.
 */
public interface BatchTable {
  /** The columns, in the order of the table's row type. */
  Schema arrowSchema();

  /** Estimated number of rows, for the planner; exactness is not needed. */
  double estimateRowCount();

  /** Estimated number of bytes that a scan reads for a value of a column, for the planner. */
  default double valueBytes(int column) {
    return ValueWidth.of(arrowSchema().getFields().get(column));
  }

  /**
   * Splits a conjunction into the part that {@link #scan} will apply and the rest.
   *
   * @param conjuncts predicates over the table's columns, where {@code RexInputRef(i)} is column i
   */
  default PushDown pushDown(List<RexNode> conjuncts, RexBuilder rexBuilder) {
    return PushDown.nothing(conjuncts);
  }

  /**
   * Names of the indexes that {@link #scan} and {@link #count} would use for a filter, for EXPLAIN.
   * May take as long as planning a scan.
   *
   * @param filter conjuncts that {@link #pushDown} accepted
   */
  default List<String> indexes(List<RexNode> filter) {
    return List.of();
  }

  /** Whether {@link #scan} honours {@link ScanRequest#limit()}; if not, it may return more rows. */
  default boolean canLimit() {
    return false;
  }

  /**
   * Whether {@link #count} answers for this filter without reading rows.
   *
   * @param filter conjuncts that {@link #pushDown} accepted; empty for all rows
   */
  default boolean canCount(List<RexNode> filter) {
    return false;
  }

  /** Number of rows that pass the filter; only if {@link #canCount}. */
  default long count(ScanRequest request, ExecutionContext context) {
    throw new UnsupportedOperationException();
  }

  /**
   * Opens a reader over the requested columns of one snapshot of the table, in row order.
   *
   * <p>The reader owns what it allocates, from {@code context.allocator()}.
   */
  BatchReader scan(ScanRequest request, ExecutionContext context);
}
