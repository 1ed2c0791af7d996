package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.kernel.HammingKernel;

/**
 * Searches for many queries in one pass over the fingerprints.
 *
 * <p>One query alone waits for memory. Here rows so few that they stay in cache meet all queries
 * before the next ones are read, four queries at a time ({@link HammingKernel#tile}): each row is
 * read once in a pass, and the arithmetic is what is left to wait for. So what can be ruled out
 * saves arithmetic: a row is given up for a query when a prefix of it differs more than tau, and
 * where tau is small, or a part of the answer may be lost, when its sketch does ({@link
 * BatchSearch}).
 *
 * <p>Each query's answer is what {@link HdrCascade} would find for it: ties go to the smaller row
 * key, and neither the order of the rows nor the number of threads matters. Blocks are borrowed.
 */
public final class CascadeBatch {
  final MemorySegment queries;
  final int count;
  final int width;
  final int bytes;
  final long k;
  final int radius;
  final NullRows nulls;
  final boolean nullQueries;
  final HammingKernel kernel;
  private final long greatestSize;
  private final AtomicLong size = new AtomicLong();

  /** By query: greatest distance with which a row can still be in its answer. */
  private final AtomicIntegerArray tau;

  /**
   * Creates a search.
   *
   * @param queries {@code width} bytes each, off-heap, at multiples of {@link #stride}
   * @param count number of queries
   * @param width bytes per fingerprint
   * @param mask bytes that count
   * @param k greatest number of rows wanted for each query, 0 or more, or {@link
   *     CascadeRequest#ALL_ROWS}
   * @param radius greatest distance wanted; negative for no row at all, {@link
   *     CascadeRequest#NO_RADIUS} for any
   * @param nulls what becomes of rows whose distance is NULL
   * @param nullQueries whether there are also queries that are NULL
   * @param greatestSize number of rows found, over all queries and threads, at which the search is
   *     given up; see {@link #isOverflown}
   */
  public CascadeBatch(
      MemorySegment queries,
      int count,
      int width,
      BlockMask mask,
      long k,
      int radius,
      NullRows nulls,
      boolean nullQueries,
      long greatestSize,
      HammingKernel kernel) {
    this.queries = queries;
    this.count = count;
    this.width = width;
    this.bytes = mask.bytes(width);
    this.k = k;
    this.radius = k == 0 ? -1 : radius;
    this.nulls = nulls;
    this.nullQueries = nullQueries && nulls != NullRows.EXCLUDED;
    this.greatestSize = greatestSize;
    this.kernel = kernel;
    this.tau = new AtomicIntegerArray(count);
    for (int i = 0; i < count; i++) {
      tau.setPlain(i, radius);
    }
  }

  /**
   * Distance from the beginning of one query to that of the next, in bytes: whole lines of the
   * cache, because vectors that cross lines take twice as long to load.
   *
   * @param width bytes of a query
   */
  public static long stride(int width) {
    return (width + 63L) / 64 * 64;
  }

  /** Bytes of scratch memory that a worker needs, best at a multiple of 64. */
  public static long scratchBytes(int width) {
    return BatchWorker.scratchBytes(width);
  }

  /** Whether more rows were found than there may be, so that the answers are not complete. */
  public boolean isOverflown() {
    return size.get() > greatestSize;
  }

  /**
   * A worker for one thread, for fingerprints that stream by.
   *
   * @param scratch {@link #scratchBytes} bytes off-heap, for this worker alone
   */
  public BatchWorker worker(MemorySegment scratch) {
    return new BatchWorker(
        this,
        scratch,
        IntStream.range(0, count).mapToObj(i -> new BatchQuery(i, bytes, k, null, 0)).toList());
  }

  /** Number of queries. */
  public int queries() {
    return count;
  }

  /** Where a query begins. */
  long at(int query) {
    return query * stride(width);
  }

  /** Greatest distance with which a row can still be in a query's answer. */
  int tau(BatchQuery query) {
    return tau.getOpaque(query.number);
  }

  /** Says that a query has k rows within a distance. */
  void lower(int query, int distance) {
    if (distance < tau.getOpaque(query)) {
      tau.accumulateAndGet(query, distance, Math::min);
    }
  }

  /** Offers a query a row. */
  void offer(BatchQuery query, int distance, long key) {
    query.found.offer(distance, key);
    if (query.found.isFull()) {
      lower(query.number, query.found.worst());
    }
  }

  /** Says that so many more rows were found. */
  void grow(int rows) {
    if (rows > 0) {
      size.addAndGet(rows);
    }
  }

  /** The answers of all workers together, after the last block; the workers are used up. */
  public BatchAnswers answers(List<BatchWorker> workers) {
    return new BatchAnswers(this, workers, List.of());
  }
}
