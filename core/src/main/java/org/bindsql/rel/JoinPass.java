package org.bindsql.rel;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.arrow.memory.ArrowBuf;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.cascade.CascadeBatch;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.exec.Shares;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** One pass of a join by distance over the fingerprints, by several threads. */
final class JoinPass {
  /** Rows of a segment that a thread takes at a time. */
  private static final int STRIPE_ROWS = 8192;

  private final HdrCascadeJoin rel;
  private final CascadeBatch cascade;
  private final int unfitBytes;
  private final ExecutionContext context;

  /**
   * Creates a pass.
   *
   * @param unfitBytes bytes of a query that cannot be compared, -1 if all can
   */
  JoinPass(HdrCascadeJoin rel, CascadeBatch cascade, int unfitBytes, ExecutionContext context) {
    this.rel = rel;
    this.cascade = cascade;
    this.unfitBytes = unfitBytes;
    this.context = context;
  }

  /** Searches fingerprints as they stream by. */
  List<CascadeBatch.Worker> stream(CodeReader reader) {
    CascadeRun<CodeReader.Partition> run = new CascadeRun<>(reader.partitions(), context);
    List<BlockFilter> filters =
        Stream.generate(() -> rel.remainder().filter(context)).limit(run.threads()).toList();
    return withWorkers(
        run.threads(),
        workers -> {
          run.run(
              workers.size(),
              (i, partition) -> {
                for (CodeBlock block = partition.next();
                    block != null && run.proceed() && !cascade.isOverflown();
                    block = partition.next()) {
                  check(workers.get(i).search(block, filters.get(i)));
                }
              });
          return workers;
        });
  }

  private record Stripe(ResidentColumn.Rows source, Selection rows) {}

  /** Searches rows that are in memory. */
  List<CascadeBatch.Worker> search(ResidentCandidates candidates) {
    List<Stripe> stripes = new ArrayList<>();
    for (ResidentColumn.Rows source : candidates.rows()) {
      int count = source.rows().count();
      for (int from = 0; from < count; from += STRIPE_ROWS) {
        int to = Math.min(from + STRIPE_ROWS, count);
        stripes.add(new Stripe(source, source.rows().slice(from, to)));
      }
    }
    AtomicInteger next = new AtomicInteger();
    return withWorkers(
        Math.clamp(stripes.size(), 1, Math.max(1, context.threads())),
        workers -> {
          List<Runnable> shares = new ArrayList<>();
          for (CascadeBatch.Worker worker : workers) {
            shares.add(() -> {
              for (int i = next.getAndIncrement();
                  i < stripes.size() && !cascade.isOverflown();
                  i = next.getAndIncrement()) {
                context.checkCancelled();
                check(worker.search(stripes.get(i).source, stripes.get(i).rows));
              }
            });
          }
          Shares.run("bindsql-join", shares, () -> next.set(stripes.size()));
          return workers;
        });
  }

  private List<CascadeBatch.Worker> withWorkers(
      int threads, Function<List<CascadeBatch.Worker>, List<CascadeBatch.Worker>> work) {
    long bytes = CascadeBatch.scratchBytes(rel.search().width(rel.fingerprintTable()));
    try (ArrowBuf scratch = context.allocator().buffer(threads * bytes)) {
      List<CascadeBatch.Worker> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        long address = scratch.memoryAddress() + i * bytes;
        workers.add(cascade.worker(MemorySegment.ofAddress(address).reinterpret(bytes)));
      }
      return work.apply(workers);
    }
  }

  /** Complains as the function does when it meets a row with a query that cannot be compared. */
  private void check(int rowsCompared) {
    if (rowsCompared > 0 && unfitBytes >= 0) {
      throw rel.search().unfit(unfitBytes, rel.search().width(rel.fingerprintTable()));
    }
  }

  /**
   * Reports what was done.
   *
   * @param operator rel id under which to report
   * @param candidates the rows searched if they were in memory, else null
   */
  void report(
      List<CascadeBatch.Worker> workers,
      int operator,
      int queries,
      @Nullable ResidentCandidates candidates) {
    Profile profile = context.profile();
    if (profile == null) {
      return;
    }
    long offered = candidates == null ? 0 : candidates.offered();
    long passed =
        candidates == null
            ? 0
            : candidates.rows().stream().mapToLong(rows -> rows.rows().count()).sum();
    profile.add(operator, "queries", queries);
    profile.add(operator, "passes", 1);
    CascadeBatch.counters(workers, offered, offered - passed)
        .values()
        .forEach((counter, amount) -> profile.add(operator, counter, amount));
  }
}
