package org.bindsql.table;

import java.util.List;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;

/** A table whose fixed-width binary columns can be searched by Hamming distance. */
public interface FingerprintTable extends BatchTable {
  /**
   * Position of the column that equals {@link org.bindsql.cascade.CodeBlock#rowKey}, so that {@code
   * ORDER BY distance, key} is the order of the search itself; -1 if the row key is not a column.
   */
  default int rowKeyColumn() {
    return -1;
  }

  /** Whether the column is fixed-width binary and {@link #openCodes} accepts it. */
  boolean isSearchable(int column);

  /**
   * Opens one snapshot of a fingerprint column for a search.
   *
   * @param codeColumn position of the fingerprint column
   * @param columns positions of further columns that the remaining predicates read, in the order in
   *     which {@link org.bindsql.cascade.CodeBlock#columns} must hold them
   * @param filter conjuncts that {@link #pushDown} accepted, applied by the source
   */
  CodeReader openCodes(
      int codeColumn, int[] columns, List<RexNode> filter, ExecutionContext context);
}
