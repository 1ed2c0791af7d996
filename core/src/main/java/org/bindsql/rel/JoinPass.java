package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bindsql.cascade.BatchAnswers;
import org.bindsql.cascade.BatchSearch;
import org.bindsql.cascade.BatchWorker;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.CascadeBatch;
import org.bindsql.cascade.CascadeCounters;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.AlignedBuffer;

/** One search of a join by distance for a group of queries, by several threads. */
final class JoinPass {
  private final HdrCascadeJoin rel;
  private final CascadeBatch batch;
  private final int operator;
  private final int unfitBytes;
  private final ExecutionContext context;

  /**
   * Creates a pass.
   *
   * @param operator rel id under which to report
   * @param unfitBytes bytes of a query that cannot be compared, -1 if all can
   */
  JoinPass(
      HdrCascadeJoin rel,
      CascadeBatch batch,
      int operator,
      int unfitBytes,
      ExecutionContext context) {
    this.rel = rel;
    this.batch = batch;
    this.operator = operator;
    this.unfitBytes = unfitBytes;
    this.context = context;
  }

  /** Searches fingerprints as they stream by. */
  BatchAnswers stream(CodeReader reader) {
    CascadeRun<CodeReader.Partition> run = new CascadeRun<>(reader.partitions(), context);
    List<BlockFilter> filters =
        Stream.generate(() -> rel.remainder().filter(context)).limit(run.threads()).toList();
    List<BatchWorker> workers = new ArrayList<>();
    try (AlignedBuffer scratch = scratch(run.threads())) {
      long bytes = scratch.memory().byteSize() / run.threads();
      for (int i = 0; i < run.threads(); i++) {
        workers.add(batch.worker(scratch.memory().asSlice(i * bytes, bytes)));
      }
      run.run(
          workers.size(),
          (i, partition) -> {
            for (CodeBlock block = partition.next();
                block != null && run.proceed() && !batch.isOverflown();
                block = partition.next()) {
              check(workers.get(i).search(block, filters.get(i)));
            }
          });
    }
    report(BatchWorker.counters(workers, 0, 0));
    return batch.answers(workers);
  }

  /** Searches rows that are in memory. */
  BatchAnswers search(ResidentCandidates candidates) {
    BatchSearch search = new BatchSearch(batch, candidates.rows(), context.recall());
    check(search.rowsWithCode());
    int threads = search.threads(context.threads());
    try (AlignedBuffer scratch = scratch(threads)) {
      search.run(threads, scratch.memory(), context::checkCancelled);
    }
    report(search.counters(candidates.offered()));
    return search.answers();
  }

  private AlignedBuffer scratch(int threads) {
    long bytes = CascadeBatch.scratchBytes(rel.search().width(rel.fingerprintTable()));
    return new AlignedBuffer(context.allocator(), threads * bytes);
  }

  /** Complains as the function does when it meets a row with a query that cannot be compared. */
  private void check(long rowsCompared) {
    if (rowsCompared > 0 && unfitBytes >= 0) {
      throw rel.search().unfit(unfitBytes, rel.search().width(rel.fingerprintTable()));
    }
  }

  private void report(CascadeCounters counters) {
    Profile profile = context.profile();
    if (profile != null) {
      profile.add(operator, "queries", batch.queries());
      profile.add(operator, "passes", 1);
      counters.values().forEach((counter, amount) -> profile.add(operator, counter, amount));
    }
  }
}
