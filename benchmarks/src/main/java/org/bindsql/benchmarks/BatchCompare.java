package org.bindsql.benchmarks;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.bindsql.cascade.BatchSearch;
import org.bindsql.cascade.BlockMask;
import org.bindsql.cascade.CascadeBatch;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.exec.Shares;
import org.bindsql.kernel.HammingKernel;

/**
 * Top 10 of a resident column for many queries at a time, exact and with a recall of 0.9999, beside
 * the loop in C over the same rows, four queries at a time, in turn. Prints a table of the least
 * times, and the bandwidth of the memory.
 *
 * <p>Arguments: number of rows, {@code uniform} or {@code clustered}, threads, rounds, number of
 * queries (a multiple of 4).
 */
public final class BatchCompare {
  private static final double[] SHARES = {0.012, 0.051, 0.102, 0.199, 0.5};
  private static final double RECALL = 0.9999;

  private final CodeSet set;
  private final CScan c;
  private final int threads;
  private final int count;
  private final ResidentColumn column;
  private final MemorySegment queries;
  private final MemorySegment scratch;

  private BatchCompare(CodeSet set, CScan c, int threads, int count) {
    this.set = set;
    this.c = c;
    this.threads = threads;
    this.count = count;
    this.column = CascadeCompare.resident(set);
    this.queries = set.arena().allocate(count * CascadeBatch.stride(CodeSet.WIDTH), 64);
    this.scratch = set.arena().allocate(threads * CascadeBatch.scratchBytes(CodeSet.WIDTH), 64);
  }

  /** Runs the comparison. */
  public static void main(String[] arguments) {
    int rows = Integer.parseInt(arguments[0]);
    CodeSet.Kind kind = CodeSet.Kind.valueOf(arguments[1].toUpperCase(Locale.ROOT));
    int threads = Integer.parseInt(arguments[2]);
    int rounds = Integer.parseInt(arguments[3]);
    int count = Integer.parseInt(arguments[4]);
    CScan c = CScan.compile().orElseThrow(() -> new IllegalStateException("no gcc"));
    try (CodeSet set = new CodeSet(rows, kind)) {
      BatchCompare compare = new BatchCompare(set, c, threads, count);
      System.out.printf(
          Locale.ROOT,
          "%,d rows, %s, %d queries, %d threads, %.1f GB/s; ms per query%n%n",
          rows,
          kind.name().toLowerCase(Locale.ROOT),
          count,
          threads,
          compare.bandwidth());
      System.out.println(
          "| bits of the queries changed | C | exact | / C | recall | / C | found |");
      System.out.println("|---|---|---|---|---|---|---|");
      for (double share : SHARES) {
        compare.run(share, rounds);
      }
    }
  }

  /** Gigabytes per second, best of five. */
  private double bandwidth() {
    double best = 0;
    long bytes = set.codes.byteSize() / threads / 64 * 64;
    for (int i = 0; i < 5; i++) {
      long start = System.nanoTime();
      inThreads(thread -> c.read(set.codes.asSlice(thread * bytes, bytes)));
      best = Math.max(best, (double) threads * bytes / (System.nanoTime() - start));
    }
    return best;
  }

  private interface Work {
    void run(int thread);
  }

  private void inThreads(Work work) {
    List<Runnable> shares =
        IntStream.range(0, threads).<Runnable>mapToObj(i -> () -> work.run(i)).toList();
    Shares.run("bindsql-compare", shares, () -> {});
  }

  private void run(double share, int rounds) {
    for (int i = 0; i < count; i++) {
      set.near(share, i);
      MemorySegment.copy(set.query, 0, queries, (long) i * CodeSet.WIDTH, CodeSet.WIDTH);
    }
    double scan = Double.MAX_VALUE;
    double exact = Double.MAX_VALUE;
    double recall = Double.MAX_VALUE;
    BatchSearch search = null;
    BatchSearch most = null;
    int wanted = 0;
    int found = 0;
    for (int round = 0; round < rounds; round++) {
      long start = System.nanoTime();
      CascadeResult[] truth = scan();
      long scanned = System.nanoTime();
      search = search(1);
      long searched = System.nanoTime();
      most = search(RECALL);
      long end = System.nanoTime();
      scan = Math.min(scan, scanned - start);
      exact = Math.min(exact, searched - scanned);
      recall = Math.min(recall, end - searched);
      for (int i = 0; i < count; i++) {
        if (!Arrays.equals(truth[i].rowKeys(), search.answers().apply(i).rowKeys())) {
          throw new IllegalStateException("answers differ");
        }
        wanted += truth[i].size();
        for (long key : most.answers().apply(i).rowKeys()) {
          found += Arrays.stream(truth[i].rowKeys()).anyMatch(k -> k == key) ? 1 : 0;
        }
      }
    }
    double per = 1e6 * count;
    System.out.printf(
        Locale.ROOT,
        "| %.1f %% | %.2f | %.2f | %.2f | %.2f | %.2f | %.5f |%n",
        share * 100,
        scan / per,
        exact / per,
        exact / scan,
        recall / per,
        recall / scan,
        (double) found / wanted);
    if (Boolean.getBoolean("counters") && search != null && most != null) {
      System.out.println("exact  " + search.counters(set.rows).values());
      System.out.println("recall " + most.counters(set.rows).values());
    }
  }

  private CascadeResult[] scan() {
    CascadeResult[] results = new CascadeResult[count];
    inThreads(thread -> {
      for (int i = 4 * thread; i < count; i += 4 * threads) {
        MemorySegment four = queries.asSlice((long) i * CodeSet.WIDTH, 4L * CodeSet.WIDTH);
        CascadeResult[] tops = c.topFour(four, set.codes, CodeSet.WIDTH, CodeSet.K);
        System.arraycopy(tops, 0, results, i, 4);
      }
    });
    return results;
  }

  private BatchSearch search(double recall) {
    CascadeBatch batch =
        new CascadeBatch(
            queries,
            count,
            CodeSet.WIDTH,
            BlockMask.ALL,
            CodeSet.K,
            CascadeRequest.NO_RADIUS,
            NullRows.LAST,
            false,
            Long.MAX_VALUE,
            HammingKernel.get());
    BatchSearch search = new BatchSearch(batch, column.segments(), recall);
    search.run(threads, scratch, () -> {});
    return search;
  }
}
