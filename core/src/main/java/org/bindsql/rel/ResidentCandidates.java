package org.bindsql.rel;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.CandidateBlock;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.RowKeys;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Selection;

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
    if (search.remainder().isEmpty() && (search.filter().isEmpty() || column.isFiltered())) {
      return new ResidentCandidates(all, all.stream().mapToLong(r -> r.rows().count()).sum());
    }
    AtomicLong offered = new AtomicLong();
    RowKeys passing = passing(remainder, reader.candidates(), offered, context);
    return new ResidentCandidates(passing.select(all), offered.get());
  }

  /** Keys of the rows that pass the remaining conjuncts. */
  private static RowKeys passing(
      Remainder remainder,
      List<CodeReader.Candidates> partitions,
      AtomicLong offered,
      ExecutionContext context) {
    CascadeRun<CodeReader.Candidates> run = new CascadeRun<>(partitions, context);
    List<BlockFilter> filters =
        Stream.generate(() -> remainder.filter(context)).limit(run.threads()).toList();
    List<RowKeys> keys = Stream.generate(RowKeys::new).limit(run.threads()).toList();
    run.run(
        run.threads(),
        (worker, partition) -> {
          for (CandidateBlock block = partition.next();
              block != null && run.proceed();
              block = partition.next()) {
            Selection rows = block.columns().selection();
            offered.addAndGet(rows.count());
            if (!rows.isEmpty()) {
              keys.get(worker).add(block, filters.get(worker).filter(block.columns()));
            }
          }
        });
    RowKeys all = keys.getFirst();
    keys.subList(1, keys.size()).forEach(all::addAll);
    return all;
  }
}
