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
 * The rows that pass a search's conjuncts, found by reading the columns of those alone.
 *
 * @param keys their keys
 * @param offered number of rows that the source offered, of which these passed the remainder
 */
record PassingRows(RowKeys keys, long offered) {
  /** Finds the rows, in several threads. */
  static PassingRows find(Remainder remainder, CodeReader reader, ExecutionContext context) {
    AtomicLong offered = new AtomicLong();
    CascadeRun<CodeReader.Candidates> run = new CascadeRun<>(reader.candidates(), context);
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
    return new PassingRows(all, offered.get());
  }

  /** The rows in a column that is in memory. */
  ResidentCandidates in(ResidentColumn column) {
    return new ResidentCandidates(keys.select(column.segments()), offered);
  }
}
