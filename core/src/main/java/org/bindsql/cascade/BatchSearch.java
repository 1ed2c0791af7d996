package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bindsql.exec.Shares;

/**
 * Searches of a column that is in memory for many queries at a time, in passes.
 *
 * <pre>
 *   1 sketch    32 bytes a row, compared with every query; the exact distances of the rows that
 *               look best bound each query's k-th distance from above: tau
 *   2 levels    stripe by stripe, in as many threads as are of use
 *       sketch  for the queries for which it leaves few rows: those are finished one by one
 *       prefix  for the others, four at a time: rows that exceed tau are given up
 * </pre>
 *
 * <p>What {@link ResidentSearch} says of exactness and recall holds here for each query.
 */
public final class BatchSearch {
  /** Rows per query whose exact distances bound the k-th distance, at least. */
  private static final int LEAST_SEEDS = 64;

  /** Candidates per seed below which there is no pass for seeds. */
  private static final int CANDIDATES_PER_SEED = 8;

  /** Greatest number of seeds of all queries and threads together, of 12 bytes each. */
  private static final long MOST_SEEDS = 1 << 20;

  /** Bytes that a thread should have to compare, so that starting it pays. */
  private static final long BYTES_PER_THREAD = 8L << 20;

  private final CascadeBatch batch;
  private final double recall;
  private final List<Stripe> stripes;
  private final long candidates;
  private final AtomicInteger next = new AtomicInteger();
  private List<BatchWorker> workers = List.of();
  private List<CascadeResult> seeds = List.of();

  /**
   * Creates a search.
   *
   * @param candidates the rows to search, in segments that all have their codes
   * @param recall expected share of each query's answer that must be found, above 0, 1 for all
   */
  public BatchSearch(CascadeBatch batch, List<ResidentColumn.Rows> candidates, double recall) {
    this.batch = batch;
    this.recall = recall;
    this.stripes = Stripe.cut(candidates);
    this.candidates = candidates.stream().mapToLong(rows -> rows.rows().count()).sum();
  }

  /** Number of candidates whose fingerprint is not NULL. */
  public long rowsWithCode() {
    return stripes.stream().mapToLong(stripe -> stripe.rows.count()).sum();
  }

  /** Number of threads that are of use, at most {@code threads}. */
  public int threads(int threads) {
    double bytes = (double) candidates * batch.bytes * batch.count;
    long useful = Math.min(stripes.size(), (long) (bytes / BYTES_PER_THREAD));
    return (int) Math.clamp(useful, 1, Math.max(1, threads));
  }

  /**
   * Runs the search, once.
   *
   * @param threads number of threads to use, the caller's among them
   * @param scratch {@link CascadeBatch#scratchBytes} bytes off-heap for each thread
   * @param beforeStripe called by every thread before each stripe; throws to end the search
   */
  public void run(int threads, MemorySegment scratch, Runnable beforeStripe) {
    int wanted = wantsSeeds(threads) ? seedsWanted() : 0;
    List<SketchQuery> sketches = sketches();
    List<BatchWorker> started = new ArrayList<>();
    long bytes = scratch.byteSize() / threads;
    for (int i = 0; i < threads; i++) {
      List<BatchQuery> queries =
          IntStream.range(0, batch.count)
              .mapToObj(j ->
                  new BatchQuery(
                      j, batch.bytes, batch.k, sketches.isEmpty() ? null : sketches.get(j), wanted))
              .toList();
      started.add(new BatchWorker(batch, scratch.asSlice(i * bytes, bytes), queries));
    }
    workers = started;
    if (wanted > 0) {
      pass(BatchWorker::seed, beforeStripe);
      boundBySeeds(wanted);
    }
    pass(BatchWorker::search, beforeStripe);
  }

  private List<SketchQuery> sketches() {
    if (Sketch.halves(batch.width) == 0) {
      return List.of();
    }
    return IntStream.range(0, batch.count)
        .mapToObj(i -> {
          MemorySegment query = batch.queries.asSlice(batch.at(i), batch.width);
          return new SketchQuery(query, batch.width, batch.bytes, recall);
        })
        .toList();
  }

  /** What a worker does with a stripe. */
  private interface Work {
    void on(BatchWorker worker, Stripe stripe);
  }

  private void pass(Work work, Runnable beforeStripe) {
    next.set(0);
    List<Runnable> shares = new ArrayList<>();
    for (BatchWorker worker : workers) {
      shares.add(() -> {
        for (int i = next.getAndIncrement();
            i < stripes.size() && !batch.isOverflown();
            i = next.getAndIncrement()) {
          beforeStripe.run();
          work.on(worker, stripes.get(i));
        }
      });
    }
    Shares.run("bindsql-join", shares, () -> next.set(stripes.size()));
  }

  private int seedsWanted() {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST_SEEDS, 2 * batch.k));
  }

  private boolean wantsSeeds(int threads) {
    return batch.k > 0
        && batch.radius >= 0
        && batch.k < candidates / CANDIDATES_PER_SEED / 2
        && (long) seedsWanted() * CANDIDATES_PER_SEED <= candidates
        && (long) seedsWanted() * batch.count * threads <= MOST_SEEDS
        && Sketch.halves(batch.width) > 0;
  }

  /** Bounds each tau by the k-th of the exact distances of the query's seeds. */
  private void boundBySeeds(int wanted) {
    List<CascadeResult> all = new ArrayList<>();
    for (int query = 0; query < batch.count; query++) {
      TopKHeap best = new TopKHeap(wanted);
      for (BatchWorker worker : workers) {
        best.addAll(worker.queries.get(query).seeds);
      }
      CascadeResult exact = exact(query, best);
      all.add(exact);
      if (exact.size() >= batch.k) {
        int[] sorted = exact.distances().clone();
        Arrays.sort(sorted);
        batch.lower(query, sorted[(int) batch.k - 1]);
      }
    }
    seeds = recall < 1 ? all : List.of();
  }

  private CascadeResult exact(int query, TopKHeap best) {
    long[] keys = new long[best.size()];
    int[] distances = new int[keys.length];
    best.drain(distances, keys, 0);
    for (int i = 0; i < keys.length; i++) {
      Stripe stripe = stripes.get((int) (keys[i] >>> Integer.SIZE));
      int row = (int) keys[i];
      Codes codes = stripe.codes();
      distances[i] =
          codes.distance(
              batch.kernel,
              batch.queries,
              batch.at(query),
              row,
              0,
              batch.bytes,
              0,
              Integer.MAX_VALUE);
      keys[i] = stripe.source.rowKey(row);
    }
    return new CascadeResult(keys, distances);
  }

  /** The answers, after {@link #run}. */
  public BatchAnswers answers() {
    return new BatchAnswers(batch, workers, seeds);
  }

  /**
   * What the search did; after {@link #run}.
   *
   * @param offered number of rows of which the candidates are those that passed the predicates
   */
  public CascadeCounters counters(long offered) {
    return BatchWorker.counters(workers, offered, offered - candidates);
  }
}
