package org.bindsql.cascade;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.bindsql.cascade.CascadeRequest.NullRows;

/** The answers of a {@link CascadeBatch}, made one by one. */
public final class BatchAnswers implements IntFunction<CascadeResult> {
  private final CascadeBatch batch;
  private final List<BatchWorker> workers;
  private final long[] withoutCode;
  private final long[] any;
  private final List<CascadeResult> seeds; // by query, or empty

  /**
   * Creates the answers.
   *
   * @param workers all workers of the search; they are used up
   * @param seeds by query: rows that were compared to bound tau, if they may have been lost since;
   *     or empty
   */
  BatchAnswers(CascadeBatch batch, List<BatchWorker> workers, List<CascadeResult> seeds) {
    this.batch = batch;
    this.workers = List.copyOf(workers);
    this.seeds = seeds;
    this.withoutCode = smallest(workers.stream().map(worker -> worker.withoutCode).toList());
    this.any = smallest(workers.stream().map(worker -> worker.any).toList());
  }

  private long[] smallest(List<TopKHeap> heaps) {
    return merged(heaps, new TopKHeap(0)).rowKeys();
  }

  /** What was found for a query, and the seeds that were lost: so there are k rows. */
  private CascadeResult near(int query) {
    List<TopKHeap> found = workers.stream().map(worker -> worker.queries.get(query).found).toList();
    TopKHeap lost = new TopKHeap(seeds.isEmpty() ? 0 : batch.k);
    if (!seeds.isEmpty()) {
      Set<Long> keys = new HashSet<>();
      found.forEach(heap -> heap.addKeysTo(keys));
      CascadeResult known = seeds.get(query);
      for (int i = 0; i < known.size(); i++) {
        if (known.distances()[i] <= batch.radius && !keys.contains(known.rowKeys()[i])) {
          lost.offer(known.distances()[i], known.rowKeys()[i]);
        }
      }
    }
    return merged(found, lost);
  }

  private CascadeResult merged(List<TopKHeap> heaps, TopKHeap more) {
    TopKHeap all = new TopKHeap(batch.k);
    heaps.forEach(all::addAll);
    all.addAll(more);
    CascadeResult result = new CascadeResult(new long[all.size()], new int[all.size()]);
    all.drain(result.distances(), result.rowKeys(), 0);
    return result;
  }

  /**
   * The rows found for a query, nearest first, ties by row key.
   *
   * @param query number of the query, -1 for a query that is NULL
   */
  @Override
  public CascadeResult apply(int query) {
    if (query < 0) {
      return append(new CascadeResult(new long[0], new int[0]), any);
    }
    CascadeResult near = near(query);
    return withoutCode.length == 0 ? near : append(near, withoutCode);
  }

  /** The rows with a distance and those without, in the order of {@link NullRows}. */
  private CascadeResult append(CascadeResult near, long[] absent) {
    int total = near.size() + absent.length;
    long[] keys = new long[total];
    int[] distances = new int[total];
    int nearAt = batch.nulls == NullRows.FIRST ? absent.length : 0;
    int absentAt = batch.nulls == NullRows.FIRST ? 0 : near.size();
    System.arraycopy(near.rowKeys(), 0, keys, nearAt, near.size());
    System.arraycopy(near.distances(), 0, distances, nearAt, near.size());
    System.arraycopy(absent, 0, keys, absentAt, absent.length);
    Arrays.fill(distances, absentAt, absentAt + absent.length, CascadeResult.NULL_DISTANCE);
    int wanted = (int) Math.min(batch.k, total);
    return new CascadeResult(Arrays.copyOf(keys, wanted), Arrays.copyOf(distances, wanted));
  }
}
