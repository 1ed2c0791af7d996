package org.bindsql.cascade;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** One thread's share of a search of a resident column: heaps, counters, scratch memory. */
final class ResidentWorker implements AutoCloseable {
  private final CascadeRequest request;
  private final ResidentColumn column;
  private final HammingKernel kernel;
  private final @Nullable SketchLevel sketch;
  private final @Nullable SliceLevel slices;
  private final @Nullable WholeLevel whole;
  private final AtomicInteger sharedTau;
  private final Survivors rows = new Survivors();
  private final Survivors fetched = new Survivors();
  private @Nullable CodeFetch fetch;
  private long[] pending = new long[0];
  private int pendingCount;
  long toFetch;
  final CascadeCounters counters = new CascadeCounters();
  private TopKHeap seeds;
  private final int seedsWanted;
  final TopKHeap found;
  final TopKHeap nulls;

  /**
   * Creates a worker.
   *
   * @param query the query's sketch, null if the query is NULL
   * @param bytes number of leading bytes that count
   * @param seedsWanted number of rows to find in the pass for seeds
   * @param sharedTau greatest distance with which a row can still be in the answer; all workers
   *     lower it
   */
  ResidentWorker(
      CascadeRequest request,
      ResidentColumn column,
      HammingKernel kernel,
      double gatherBelow,
      @Nullable SketchQuery query,
      int bytes,
      int seedsWanted,
      AtomicInteger sharedTau) {
    this.request = request;
    this.column = column;
    this.kernel = kernel;
    this.sharedTau = sharedTau;
    this.seedsWanted = seedsWanted;
    this.seeds = new TopKHeap(seedsWanted);
    this.found = new TopKHeap(request.k());
    this.nulls =
        new TopKHeap(request.nulls() == CascadeRequest.NullRows.EXCLUDED ? 0 : request.k());
    this.sketch =
        query == null || query.halves() == 0
            ? null
            : new SketchLevel(query, kernel, gatherBelow, counters);
    this.slices =
        request.query() == null
            ? null
            : new SliceLevel(request.query(), bytes, kernel, gatherBelow, counters);
    this.whole =
        request.query() == null
            ? null
            : new WholeLevel(request.query(), bytes, kernel, gatherBelow, counters);
  }

  /** Adds the rows of a stripe that would have to be fetched to {@link #toFetch}. */
  void countToFetch(Stripe stripe) {
    if (stripe.isCold()) {
      toFetch += sketch == null ? stripe.rows.count() : sketch.left(stripe, rows, tau());
    }
  }

  /** Offers the rows of a stripe as seeds: those with the least sketch distances stay. */
  void seed(Stripe stripe) {
    short[] distances = Objects.requireNonNull(sketch).sketched(stripe);
    int[] near = rows.rows; // scratch
    int limit = seeds.isFull() ? seeds.worst() - 1 : Integer.MAX_VALUE;
    int count = kernel.within(distances, 0, stripe.rows.count(), limit, near);
    for (int i = 0; i < count; i++) {
      int distance = distances[near[i]];
      if (!seeds.isFull() || distance < seeds.worst()) {
        seeds.offer(distance, (long) stripe.number << Integer.SIZE | stripe.rows.position(near[i]));
      }
    }
  }

  /** The seeds found: distances in a half of the sketch, with numbers of stripes and positions. */
  TopKHeap takeSeeds() {
    TopKHeap taken = seeds;
    seeds = new TopKHeap(seedsWanted);
    return taken;
  }

  /**
   * Distances of seeds.
   *
   * @param keys numbers of stripes and positions, as of {@link #takeSeeds}, ascending
   */
  int[] exact(List<Stripe> stripes, long[] keys) {
    SliceLevel level = Objects.requireNonNull(slices);
    int[] distances = new int[keys.length];
    for (int from = 0; from < keys.length; ) {
      Stripe stripe = stripe(stripes, keys[from]);
      int[] positions = new int[Math.min(Stripe.ROWS, keys.length - from)];
      int to = from;
      while (to - from < positions.length && stripe(stripes, keys[to]).source == stripe.source) {
        positions[to - from] = (int) keys[to];
        to++;
      }
      Selection seedRows = Selection.list(positions, to - from);
      Codes codes = stripe.source.segment().codes();
      int[] some =
          codes == null
              ? level.distances(fetch(stripe, positions, to - from), Selection.range(0, to - from))
              : level.distances(codes, seedRows);
      System.arraycopy(some, 0, distances, from, to - from);
      from = to;
    }
    counters.seeds(keys.length);
    return distances;
  }

  private static Stripe stripe(List<Stripe> stripes, long key) {
    return stripes.get((int) (key >>> Integer.SIZE));
  }

  private Codes fetch(Stripe stripe, int[] positions, int count) {
    long[] keys = new long[count];
    for (int i = 0; i < count; i++) {
      keys[i] = stripe.source.rowKey(positions[i]);
    }
    return fetch().fetch(keys, count);
  }

  private CodeFetch fetch() {
    CodeFetch open = fetch;
    if (open == null) {
      open = column.openFetch();
      fetch = open;
    }
    return open;
  }

  /** Searches a stripe; rows to be fetched may wait until {@link #finish}. */
  void search(Stripe stripe) {
    counters.nulls(stripe.nulls.count());
    offerNulls(stripe, stripe.nulls);
    if (slices == null || whole == null) {
      counters.nulls(stripe.rows.count());
      offerNulls(stripe, stripe.rows);
      return;
    }
    int tau = tau();
    Segment segment = stripe.source.segment();
    Codes codes = segment.codes();
    SketchLevel first = segment.sketch() == null ? null : sketch;
    if (first != null) {
      first.prune(stripe, rows, tau);
    }
    stripe.sketched = null;
    boolean all = first == null || rows.count == stripe.rows.count();
    if (codes != null && all && whole.accepts(codes)) {
      whole.prune(codes, stripe.rows, rows, tau);
    } else {
      if (first == null) {
        rows.start(stripe.rows);
      }
      if (codes == null) {
        wait(stripe);
        return;
      }
      slices.prune(codes, rows, tau);
    }
    for (int i = 0; i < rows.count; i++) {
      found.offer(rows.bounds[i], stripe.source.rowKey(rows.rows[i]));
    }
    lowerTau();
  }

  private void offerNulls(Stripe stripe, Selection without) {
    for (int i = 0; i < without.count(); i++) {
      nulls.offer(0, stripe.source.rowKey(without.position(i)));
    }
  }

  /** Has the rows left wait to be fetched, many at a time. */
  private void wait(Stripe stripe) {
    if (pending.length == 0) {
      pending = new long[CodeFetch.MAX_ROWS];
    }
    for (int i = 0; i < rows.count; i++) {
      pending[pendingCount++] = stripe.source.rowKey(rows.rows[i]);
      if (pendingCount == pending.length) {
        finish();
      }
    }
  }

  /** Fetches and searches the rows that wait. */
  void finish() {
    SliceLevel level = slices;
    if (pendingCount == 0 || level == null) {
      return;
    }
    Codes codes = fetch().fetch(pending, pendingCount);
    for (int from = 0; from < pendingCount; from += Stripe.ROWS) {
      fetched.start(Selection.range(from, Math.min(from + Stripe.ROWS, pendingCount)));
      level.prune(codes, fetched, tau());
      for (int i = 0; i < fetched.count; i++) {
        found.offer(fetched.bounds[i], pending[fetched.rows[i]]);
      }
      lowerTau();
    }
    counters.fetched(pendingCount);
    pendingCount = 0;
  }

  private int tau() {
    return found.isFull() ? Math.min(sharedTau.get(), found.worst()) : sharedTau.get();
  }

  private void lowerTau() {
    if (found.isFull() && found.worst() < sharedTau.get()) {
      sharedTau.accumulateAndGet(found.worst(), Math::min);
    }
  }

  @Override
  public void close() {
    if (fetch != null) {
      fetch.close();
      fetch = null;
    }
  }
}
