package org.bindsql.rel;

import java.util.List;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader;

/**
 * The rows of a resident column that pass a search's conjuncts.
 *
 * @param rows by segment of the column
 * @param offered number of rows that the source offered, of which these passed the remainder
 */
record ResidentCandidates(List<ResidentColumn.Rows> rows, long offered) {
  static ResidentCandidates find(
      CascadeSearch search,
      Remainder remainder,
      CodeReader reader,
      ResidentColumn column,
      ExecutionContext context) {
    List<ResidentColumn.Rows> all = column.segments();
    return search.remainder().isEmpty() && (search.filter().isEmpty() || column.isFiltered())
        ? new ResidentCandidates(all, all.stream().mapToLong(r -> r.rows().count()).sum())
        : PassingRows.find(remainder, reader, context).in(column);
  }
}
