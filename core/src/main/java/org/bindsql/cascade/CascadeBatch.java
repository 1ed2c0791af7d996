package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToLongFunction;
import java.util.stream.Stream;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * Exact searches for many queries in one pass over the fingerprints.
 *
 * <p>One query alone waits for memory. Here a slice of rows, small enough to stay in cache, meets
 * all queries before the next is read, four at a time ({@link HammingKernel#tile}): each row is
 * read once in a pass, and the arithmetic is what is left to wait for. Rows that do not lie side by
 * side are copied together first, which is little beside the distances to many queries.
 *
 * <p>Each query's answer is what {@link HdrCascade} would find for it: ties go to the smaller row
 * key, and neither the order of the blocks nor the number of threads matters. Blocks are borrowed.
 */
public final class CascadeBatch {
  /** Bytes of the rows that meet all queries before the next ones: half of a usual L2 cache. */
  private static final int SLICE_BYTES = 1 << 18;

  private static final int TILE = HammingKernel.TILE_QUERIES;

  private final MemorySegment queries;
  private final int count;
  private final int width;
  private final int bytes;
  private final long k;
  private final int radius;
  private final NullRows nulls;
  private final boolean nullQueries;
  private final long greatestSize;
  private final HammingKernel kernel;
  private final AtomicLong size = new AtomicLong();

  /**
   * Creates a search.
   *
   * @param queries the bytes that count of each query, one query after the other, off-heap; {@link
   *     #queryBytes} long, what follows the last query being of no matter
   * @param count number of queries
   * @param width bytes per fingerprint
   * @param mask bytes that count
   * @param k greatest number of rows wanted for each query, or {@link CascadeRequest#ALL_ROWS}
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
    this.radius = radius;
    this.nulls = nulls;
    this.nullQueries = nullQueries && nulls != NullRows.EXCLUDED;
    this.greatestSize = greatestSize;
    this.kernel = kernel;
  }

  /** Bytes of memory for so many queries: the kernel reads whole tiles. */
  public static long queryBytes(int count, int bytes) {
    return (long) (count + TILE - 1) / TILE * TILE * bytes;
  }

  /** Bytes of scratch memory that a worker needs. */
  public static long scratchBytes(int width) {
    return (long) sliceRows(width) * width;
  }

  private static int sliceRows(int width) {
    return Math.clamp(SLICE_BYTES / width, 16, CascadeWorker.SLICE_ROWS);
  }

  /** Whether more rows were found than there may be, so that the answers are not complete. */
  public boolean isOverflown() {
    return size.get() > greatestSize;
  }

  /**
   * A worker for one thread.
   *
   * @param scratch {@link #scratchBytes} bytes off-heap, for this worker alone
   */
  public Worker worker(MemorySegment scratch) {
    return new Worker(scratch);
  }

  /** One thread's share of the searches. */
  public final class Worker {
    private final MemorySegment scratch;
    private final CascadeCounters counters = new CascadeCounters();
    private final int[] distances = new int[TILE * sliceRows(width)];
    private final List<TopKHeap> found =
        Stream.generate(() -> new TopKHeap(k)).limit(count).toList();
    private final TopKHeap withoutCode = new TopKHeap(nulls == NullRows.EXCLUDED ? 0 : k);
    private final TopKHeap any = new TopKHeap(nullQueries ? k : 0);

    private Worker(MemorySegment scratch) {
      this.scratch = scratch;
    }

    /** What this worker did so far; a row is exact once for each query. */
    public CascadeCounters counters() {
      return counters;
    }

    /**
     * Searches the rows of a block that are active and pass the filter.
     *
     * @return number of those rows whose fingerprint is not NULL
     */
    public int search(CodeBlock block, BlockFilter filter) {
      Selection candidates = block.columns().selection();
      counters.candidates(candidates.count());
      Selection rows = candidates.isEmpty() ? candidates : filter.filter(block.columns());
      counters.rejected(candidates.count() - rows.count());
      return search(block.codes(), block.validity(), rows, block::rowKey);
    }

    /**
     * Searches rows of a segment that has codes.
     *
     * @param rows of the segment's rows, those to search
     * @return number of those rows whose fingerprint is not NULL
     */
    public int search(ResidentColumn.Rows source, Selection rows) {
      Segment segment = source.segment();
      Codes codes = Objects.requireNonNull(segment.codes());
      return search(codes, segment.validity(), rows, source::rowKey);
    }

    private int search(
        Codes codes, @Nullable MemorySegment validity, Selection all, IntToLongFunction keys) {
      if (isOverflown()) {
        return 0;
      }
      if (nullQueries) {
        offer(any, all, keys);
      }
      Selection rows = all;
      if (validity != null) {
        Selection absent = Validity.select(validity, all, true);
        counters.nulls(absent.count());
        offer(withoutCode, absent, keys);
        rows = Validity.select(validity, all, false);
      }
      int sliceRows = sliceRows(width);
      for (int from = 0; from < rows.count() && radius >= 0 && count > 0; from += sliceRows) {
        searchSlice(codes, rows.slice(from, Math.min(from + sliceRows, rows.count())), keys);
      }
      return rows.count();
    }

    private static void offer(TopKHeap heap, Selection rows, IntToLongFunction keys) {
      for (int i = 0; i < rows.count(); i++) {
        heap.offer(0, keys.applyAsLong(rows.position(i)));
      }
    }

    private void searchSlice(Codes all, Selection rows, IntToLongFunction keys) {
      int first = rows.position(0);
      boolean together =
          all.sliceBytes() == width && rows.position(rows.count() - 1) - first + 1 == rows.count();
      MemorySegment codes = together ? all.memory() : scratch;
      long offset = together ? all.offset(0, first) : 0;
      long stride = together ? width : bytes;
      if (!together) {
        for (int i = 0; i < rows.count(); i++) {
          all.read(rows.position(i), 0, bytes, scratch, (long) i * bytes);
        }
      }
      counters.read("exact", (long) rows.count() * bytes);
      counters.exact((long) rows.count() * count);
      int more = 0;
      for (int query = 0; query < count; query += TILE) {
        MemorySegment tile = queries.asSlice((long) query * bytes, (long) TILE * bytes);
        kernel.tile(tile, codes, offset, stride, rows.count(), bytes, distances);
        for (int i = 0; i < Math.min(TILE, count - query); i++) {
          more += offer(found.get(query + i), i, rows, keys);
        }
      }
      size.addAndGet(more);
    }

    /** Offers a query its near rows; returns by how many its answer grew. */
    private int offer(TopKHeap heap, int query, Selection rows, IntToLongFunction keys) {
      int before = heap.size();
      int tau = heap.isFull() ? Math.min(radius, heap.worst()) : radius;
      for (int i = 0; i < rows.count(); i++) {
        int distance = distances[TILE * i + query];
        if (distance <= tau) {
          heap.offer(distance, keys.applyAsLong(rows.position(i)));
          if (heap.isFull()) {
            tau = Math.min(radius, heap.worst());
          }
        }
      }
      return heap.size() - before;
    }
  }

  /** The answers of all workers together, after the last block; the workers are used up. */
  public Answers answers(List<Worker> workers) {
    return new Answers(workers);
  }

  /** The answers, made one by one. */
  public final class Answers {
    private final List<Worker> workers;
    private final long[] withoutCode;
    private final long[] any;

    private Answers(List<Worker> workers) {
      this.workers = List.copyOf(workers);
      this.withoutCode = smallest(workers.stream().map(worker -> worker.withoutCode).toList());
      this.any = smallest(workers.stream().map(worker -> worker.any).toList());
    }

    private long[] smallest(List<TopKHeap> heaps) {
      return merged(heaps).rowKeys();
    }

    private CascadeResult merged(List<TopKHeap> heaps) {
      TopKHeap all = new TopKHeap(k);
      heaps.forEach(all::addAll);
      CascadeResult result = new CascadeResult(new long[all.size()], new int[all.size()]);
      all.drain(result.distances(), result.rowKeys(), 0);
      return result;
    }

    /**
     * The rows found for a query, nearest first, ties by row key.
     *
     * @param query number of the query, -1 for a query that is NULL
     */
    public CascadeResult of(int query) {
      if (query < 0) {
        return append(new CascadeResult(new long[0], new int[0]), any);
      }
      CascadeResult near = merged(workers.stream().map(worker -> worker.found.get(query)).toList());
      return withoutCode.length == 0 ? near : append(near, withoutCode);
    }

    /** The rows with a distance and those without, in the order of {@link NullRows}. */
    private CascadeResult append(CascadeResult near, long[] absent) {
      int total = near.size() + absent.length;
      long[] keys = new long[total];
      int[] distances = new int[total];
      int nearAt = nulls == NullRows.FIRST ? absent.length : 0;
      int absentAt = nulls == NullRows.FIRST ? 0 : near.size();
      System.arraycopy(near.rowKeys(), 0, keys, nearAt, near.size());
      System.arraycopy(near.distances(), 0, distances, nearAt, near.size());
      System.arraycopy(absent, 0, keys, absentAt, absent.length);
      Arrays.fill(distances, absentAt, absentAt + absent.length, CascadeResult.NULL_DISTANCE);
      int wanted = (int) Math.min(k, total);
      return new CascadeResult(Arrays.copyOf(keys, wanted), Arrays.copyOf(distances, wanted));
    }
  }

  /**
   * The counters of all workers together.
   *
   * @param offered number of rows from which candidates were chosen before the search, if they were
   * @param rejected those of them that were not
   */
  public static CascadeCounters counters(List<Worker> workers, long offered, long rejected) {
    CascadeCounters sum = new CascadeCounters();
    sum.candidates(offered);
    sum.rejected(rejected);
    workers.forEach(worker -> sum.addAll(worker.counters()));
    return sum;
  }
}
