package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.kernel.HammingKernel;

/**
 * Exact search for the rows nearest to a query, or within a radius of it.
 *
 * <pre>
 *   SELECT ... WHERE p ORDER BY hamming_distance(code, q) LIMIT k
 *
 *   naive   distance of every row, sort, cut
 *   here    blocks x threads: predicates first, then the levels of the cascade over what is left,
 *           each ruling out rows whose lower bound exceeds tau, the k-th best distance so far (or
 *           the radius, if that is smaller); a heap of k per thread; the heaps merge
 * </pre>
 *
 * <p>Invariant: tau only falls and is never below the final k-th distance, and a bound never
 * exceeds the distance, so no row of the answer is ever ruled out. Ties go to the smaller row key;
 * so the answer depends neither on the order of the blocks nor on the number of threads.
 *
 * <p>Blocks are borrowed: nothing of a block is kept after {@link CascadeWorker#search}.
 */
public final class HdrCascade {
  /**
   * Share of wanted rows below which they are gathered, not read in passing. {@code
   * benchmarks/RESULTS.md} measures it: between 0.3 and 0.4 the two forms cost the same where rows
   * come from memory.
   */
  public static final double GATHER_BELOW = 0.35;

  private final CascadeRequest request;
  private final HammingKernel kernel;
  private final double gatherBelow;

  /** Creates a search that uses the given kernel. */
  public HdrCascade(CascadeRequest request, HammingKernel kernel) {
    this(request, kernel, GATHER_BELOW);
  }

  /**
   * Creates a search with another point of change between gathering and masking, to measure it.
   *
   * @param gatherBelow share of wanted rows below which they are gathered, 0 to 1
   */
  public HdrCascade(CascadeRequest request, HammingKernel kernel, double gatherBelow) {
    this.request = request;
    this.kernel = kernel;
    this.gatherBelow = gatherBelow;
  }

  /** A worker for one thread. */
  public CascadeWorker worker() {
    return new CascadeWorker(request, levels());
  }

  private List<Level> levels() {
    MemorySegment query = request.query();
    if (query == null) {
      return List.of();
    }
    int bytes = request.mask().bytes((int) query.byteSize());
    return List.of(new ExactLevel(query, bytes, kernel, gatherBelow));
  }

  /** The answer of all workers together, after the last block; the workers are used up. */
  public CascadeResult merge(List<CascadeWorker> workers) {
    return merge(
        request,
        workers.stream().map(worker -> worker.found).toList(),
        workers.stream().map(worker -> worker.nulls).toList());
  }

  /** The answer to a request from the heaps of all threads. */
  static CascadeResult merge(
      CascadeRequest request, List<TopKHeap> foundByThread, List<TopKHeap> nullsByThread) {
    TopKHeap found = merge(request.k(), foundByThread);
    TopKHeap nulls = merge(request.k(), nullsByThread);
    int foundSize = found.size();
    int nullSize = nulls.size();
    long[] keys = new long[foundSize + nullSize];
    int[] distances = new int[foundSize + nullSize];
    boolean nullsFirst = request.nulls() == NullRows.FIRST;
    int nullStart = nullsFirst ? 0 : foundSize;
    found.drain(distances, keys, nullsFirst ? nullSize : 0);
    nulls.drain(distances, keys, nullStart);
    Arrays.fill(distances, nullStart, nullStart + nullSize, CascadeResult.NULL_DISTANCE);
    int wanted = (int) Math.min(request.k(), keys.length);
    return new CascadeResult(Arrays.copyOf(keys, wanted), Arrays.copyOf(distances, wanted));
  }

  private static TopKHeap merge(long k, List<TopKHeap> heaps) {
    TopKHeap all = new TopKHeap(k);
    heaps.forEach(all::addAll);
    return all;
  }

  /** The same rows in the order of their keys, as a search by radius alone returns them. */
  public static CascadeResult byRowKey(CascadeResult result) {
    long[] keys = result.rowKeys().clone();
    Arrays.sort(keys);
    int[] distances = new int[keys.length];
    for (int i = 0; i < keys.length; i++) {
      distances[Arrays.binarySearch(keys, result.rowKeys()[i])] = result.distances()[i];
    }
    return new CascadeResult(keys, distances);
  }

  /** The counters of all workers together. */
  public static CascadeCounters counters(List<CascadeWorker> workers) {
    CascadeCounters sum = new CascadeCounters();
    workers.forEach(worker -> sum.addAll(worker.counters()));
    return sum;
  }
}
