package org.bindsql.rel;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.CandidateBlock;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.ResidentSearch;
import org.bindsql.cascade.RowKeys;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Selection;

/** Search of a column that is in memory: first the rows that pass the filter, then the passes. */
final class ResidentRun {
  private final HdrCascadeRel rel;
  private final ExecutionContext context;

  ResidentRun(HdrCascadeRel rel, ExecutionContext context) {
    this.rel = rel;
    this.context = context;
  }

  CascadeResult search(CascadeRequest request, CodeReader reader, ResidentColumn column) {
    List<ResidentColumn.Rows> candidates = column.segments();
    long offered = candidates.stream().mapToLong(rows -> rows.rows().count()).sum();
    CascadeSearch search = rel.search();
    if (!search.remainder().isEmpty() || !(search.filter().isEmpty() || column.isFiltered())) {
      AtomicLong scanned = new AtomicLong();
      candidates = passing(reader.candidates(), scanned).select(candidates);
      offered = scanned.get();
    }
    ResidentSearch cascade = new ResidentSearch(request, HammingKernel.get(), column, candidates);
    CascadeResult result = cascade.run(context.threads(), context::checkCancelled);
    Profile profile = context.profile();
    if (profile != null) {
      cascade
          .counters(offered)
          .values()
          .forEach((counter, amount) -> profile.add(rel.getId(), counter, amount));
    }
    return result;
  }

  /** Keys of the rows that pass the remaining conjuncts. */
  private RowKeys passing(List<CodeReader.Candidates> partitions, AtomicLong scanned) {
    CascadeRun<CodeReader.Candidates> run = new CascadeRun<>(partitions, context);
    List<BlockFilter> filters =
        Stream.generate(() -> rel.remainder().filter(context)).limit(run.threads()).toList();
    List<RowKeys> keys = Stream.generate(RowKeys::new).limit(run.threads()).toList();
    run.run(
        run.threads(),
        (worker, partition) -> {
          for (CandidateBlock block = partition.next();
              block != null && run.proceed();
              block = partition.next()) {
            Selection rows = block.columns().selection();
            scanned.addAndGet(rows.count());
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
