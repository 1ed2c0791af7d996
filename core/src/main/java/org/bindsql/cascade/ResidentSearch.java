package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bindsql.exec.Shares;
import org.bindsql.kernel.HammingKernel;

/**
 * Search of a column that is in memory, in passes.
 *
 * <pre>
 *   0 filter    candidates are known before: one selection per segment
 *   1 seeds     the exact distances of rows that look near bound the k-th distance from above: tau.
 *               A radius does the same
 *       lists   the rows of the nearest lists, of segments that have any
 *       sketch  32 bytes a row; the rows that look best, if lists left too many
 *   2 lists     rows are ruled out by 4 bytes and the triangle inequality
 *   3 levels    of the rows that are left, stripe by stripe, in as many threads as are of use
 *       sketch  rows whose sampled bits differ more than tau allows are ruled out
 *       slices  256 bytes a row and step, of the rows that are left; who exceeds tau is given up
 * </pre>
 *
 * <p>Exact: what rules a row out is a lower bound of its distance that exceeds tau, and tau is
 * never below the k-th distance. With a recall below 1, the sketch rules out by {@link
 * SampleBound}, too, where that leaves few rows; where it does not, it rules out nothing, so that
 * no share of the answer is put at risk for no gain. Levels that do not pay are left out ({@link
 * Gate}): a query without neighbours costs what reading all rows costs.
 *
 * <p>Ties go to the smaller row key: the answer depends neither on layout nor on threads.
 */
public final class ResidentSearch {
  /** Rows whose exact distances bound the k-th distance, at least. */
  private static final int LEAST_SEEDS = 64;

  /** Candidates per seed below which there is no pass for seeds. */
  private static final int CANDIDATES_PER_SEED = 8;

  /** Rows of the nearest lists that are looked at for each seed. */
  private static final int LIST_ROWS_PER_SEED = 16;

  /** Share of the rows left by lists up to which their seeds are taken to be good. */
  private static final double LISTS_SUFFICE = 0.7;

  /** Bytes that a thread should have to read, so that starting it pays (some 50 microseconds). */
  private static final long BYTES_PER_THREAD = 8L << 20;

  /**
   * Share of the rows that are not in memory up to which they are fetched one by one: a row taken
   * out of a Lance file costs tens of times a row that is read in passing.
   */
  private static final double FETCH_BELOW = 0.05;

  private final CascadeRequest request;
  private final HammingKernel kernel;
  private final double gatherBelow;
  private final ResidentColumn column;
  private final List<ResidentColumn.Rows> all;
  private final long candidates;
  private final CascadeCounters listCounters = new CascadeCounters();
  private List<Stripe> stripes;
  private final AtomicInteger tau;
  private final AtomicInteger next = new AtomicInteger();
  private List<ResidentWorker> workers = List.of();
  private boolean prepared;

  /** Distances of the seeds by row key, if a part of the answer may be lost. */
  private final Map<Long, Integer> known = new HashMap<>();

  /**
   * Creates a search.
   *
   * @param candidates the rows to search, by segment of the column
   */
  public ResidentSearch(
      CascadeRequest request,
      HammingKernel kernel,
      ResidentColumn column,
      List<ResidentColumn.Rows> candidates) {
    this(request, kernel, column, candidates, SliceLevel.GATHER_BELOW);
  }

  /**
   * Creates a search with another point of change between gathering and masking, to measure it.
   *
   * @param gatherBelow share of wanted rows below which they are gathered, 0 to 1
   */
  public ResidentSearch(
      CascadeRequest request,
      HammingKernel kernel,
      ResidentColumn column,
      List<ResidentColumn.Rows> candidates,
      double gatherBelow) {
    this.request = request;
    this.kernel = kernel;
    this.gatherBelow = gatherBelow;
    this.column = column;
    this.all = request.isEmpty() ? List.of() : candidates;
    this.stripes = List.of();
    this.candidates = count(candidates);
    this.tau = new AtomicInteger(request.radius());
  }

  /**
   * Looks at the sketches, and says whether to go on: not if so many rows would have to be fetched
   * that reading the whole column as it streams by is cheaper. To be called at most once, before
   * {@link #run}, which does the same where it was not called.
   *
   * @param threads greatest number of threads to use, the caller's among them
   * @param beforeStripe called by every thread before each stripe; throws to end the search
   */
  public boolean prepare(int threads, Runnable beforeStripe) {
    workers = workers(threads);
    prepared = true;
    boolean pays = false;
    try {
      seed(beforeStripe);
      pays = fetchingPays(beforeStripe);
      return pays;
    } finally {
      if (!pays) {
        workers.forEach(ResidentWorker::close);
      }
    }
  }

  /** Bounds tau, and finds the rows that lists leave. */
  private void seed(Runnable beforeStripe) {
    ListLevel lists = ListLevel.of(request, bytes(), kernel, all, gatherBelow, listCounters);
    boolean wantsSeeds = wantsSeeds();
    if (lists != null && wantsSeeds) {
      stripes = Stripe.cut(lists.nearest((long) seedsWanted() * LIST_ROWS_PER_SEED));
      seedBySketch(beforeStripe);
    }
    List<ResidentColumn.Rows> left = all;
    boolean suffices = false;
    if (lists != null && tau.get() >= 0 && tau.get() != CascadeRequest.NO_RADIUS) {
      left = lists.within(tau.get());
      suffices = count(left) <= LISTS_SUFFICE * candidates;
    }
    stripes = Stripe.cut(left);
    if (wantsSeeds && !suffices) {
      seedBySketch(beforeStripe);
    }
  }

  private void seedBySketch(Runnable beforeStripe) {
    pass(sketchBytes(), ResidentWorker::seed, beforeStripe);
    boundBySeeds();
  }

  private static long count(List<ResidentColumn.Rows> rows) {
    return rows.stream().mapToLong(source -> source.rows().count()).sum();
  }

  private boolean fetchingPays(Runnable beforeStripe) {
    long cold = 0;
    for (ResidentColumn.Rows rows : column.segments()) {
      cold += rows.segment().codes() == null ? rows.rows().count() : 0;
    }
    if (cold == 0 || request.query() == null) {
      return true;
    }
    pass(sketchBytes(), ResidentWorker::countToFetch, beforeStripe);
    long toFetch = workers.stream().mapToLong(worker -> worker.toFetch).sum();
    return toFetch <= Math.max(CodeFetch.MAX_ROWS, FETCH_BELOW * cold);
  }

  /**
   * Runs the search, once.
   *
   * @param threads greatest number of threads to use, the caller's among them
   * @param beforeStripe called by every thread before each stripe; throws to end the search
   */
  public CascadeResult run(int threads, Runnable beforeStripe) {
    if (!prepared) {
      workers = workers(threads);
    }
    try {
      if (!prepared) {
        seed(beforeStripe);
      }
      // With a recall below 1, few rows are read beyond their sketches.
      long work = request.recall() < 1 ? sketchBytes() : rowsLeft() * bytes();
      pass(work, ResidentWorker::search, beforeStripe);
      workers.forEach(ResidentWorker::finish);
    } finally {
      workers.forEach(ResidentWorker::close);
    }
    return HdrCascade.merge(
        request, found(), workers.stream().map(worker -> worker.nulls).toList());
  }

  /**
   * What the workers found, and the seeds that they lost: so there are k rows, whatever is lost.
   */
  private List<TopKHeap> found() {
    List<TopKHeap> found = new ArrayList<>(workers.stream().map(worker -> worker.found).toList());
    if (!known.isEmpty()) {
      Set<Long> keys = new HashSet<>();
      found.forEach(heap -> heap.addKeysTo(keys));
      TopKHeap lost = new TopKHeap(request.k());
      known.forEach((key, distance) -> {
        if (distance <= request.radius() && !keys.contains(key)) {
          lost.offer(distance, key);
        }
      });
      found.add(lost);
    }
    return found;
  }

  /** Number of leading bytes that count. */
  private int bytes() {
    return request.mask().bytes(column.width());
  }

  private long sketchBytes() {
    return rowsLeft() * Sketch.HALF_BITS / Byte.SIZE;
  }

  private long rowsLeft() {
    return stripes.stream().mapToLong(stripe -> stripe.rows.count()).sum();
  }

  private List<ResidentWorker> workers(int threads) {
    MemorySegment query = request.query();
    SketchQuery sketch =
        query == null ? null : new SketchQuery(query, column.width(), bytes(), request.recall());
    int seeds = wantsSeeds() ? seedsWanted() : 0;
    return Stream.generate(() ->
            new ResidentWorker(request, column, kernel, gatherBelow, sketch, bytes(), seeds, tau))
        .limit(Math.max(1, threads))
        .toList();
  }

  /** What a worker does with a stripe. */
  private interface Work {
    void on(ResidentWorker worker, Stripe stripe);
  }

  private void pass(long bytes, Work work, Runnable beforeStripe) {
    next.set(0);
    long useful = Math.min(stripes.size(), bytes / BYTES_PER_THREAD);
    List<Runnable> shares = new ArrayList<>();
    for (ResidentWorker worker : workers.subList(0, (int) Math.clamp(useful, 1, workers.size()))) {
      shares.add(() -> {
        for (int i = next.getAndIncrement(); i < stripes.size(); i = next.getAndIncrement()) {
          beforeStripe.run();
          work.on(worker, stripes.get(i));
        }
      });
    }
    Shares.run("bindsql-cascade", shares, () -> next.set(stripes.size()));
  }

  private int seedsWanted() {
    return (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST_SEEDS, 2 * request.k()));
  }

  private boolean wantsSeeds() {
    return request.query() != null
        && !request.isEmpty()
        && request.k() < candidates / CANDIDATES_PER_SEED / 2
        && (long) seedsWanted() * CANDIDATES_PER_SEED <= candidates
        && Sketch.halves(column.width()) > 0;
  }

  /** Bounds tau by the k-th of the exact distances of the rows with the least sketch distances. */
  private void boundBySeeds() {
    TopKHeap seeds = new TopKHeap(seedsWanted());
    workers.forEach(worker -> seeds.addAll(worker.takeSeeds()));
    if (seeds.size() < request.k()) {
      return;
    }
    int count = seeds.size();
    long[] keys = new long[count];
    seeds.drain(new int[count], keys, 0);
    Arrays.sort(keys);
    int[] distances = workers.getFirst().exact(stripes, keys);
    for (int i = 0; i < count && request.recall() < 1; i++) {
      Stripe stripe = stripes.get((int) (keys[i] >>> Integer.SIZE));
      known.put(stripe.source.rowKey((int) keys[i]), distances[i]);
    }
    Arrays.sort(distances);
    tau.accumulateAndGet(distances[(int) request.k() - 1], Math::min);
  }

  /**
   * What the search did; after {@link #run}.
   *
   * @param offered number of rows of which the candidates are those that passed the predicates
   */
  public CascadeCounters counters(long offered) {
    CascadeCounters sum = new CascadeCounters();
    sum.candidates(offered);
    sum.rejected(offered - candidates);
    sum.addAll(listCounters);
    workers.forEach(worker -> sum.addAll(worker.counters));
    return sum;
  }
}
