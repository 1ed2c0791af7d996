package org.bindsql.table;

import java.util.List;
import org.apache.calcite.rex.RexNode;

/**
 * What a scan is to return.
 *
 * @param columns positions of the wanted columns in {@link BatchTable#arrowSchema()}, in output
 *     order; may be empty (only the number of rows matters) and never repeats a column
 * @param filter conjuncts that {@link BatchTable#pushDown} accepted; references are to table
 *     columns, whether or not they are wanted
 * @param limit greatest number of rows wanted after the filter, or -1 for all
 */
public record ScanRequest(int[] columns, List<RexNode> filter, long limit) {
  /** All rows of the given columns. */
  public static ScanRequest of(int... columns) {
    return new ScanRequest(columns, List.of(), -1);
  }
}
