package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToLongFunction;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** One thread's share of the searches of a {@link CascadeBatch}. */
public final class BatchWorker {
  private static final int TILE = HammingKernel.TILE_QUERIES;

  /** Share of the rows left by a sketch above which comparing all of them is cheaper. */
  private static final double SKETCH_PAYS_BELOW = 0.03;

  /** Share of the rows left by a prefix above which they are finished together. */
  private static final double TOGETHER_FROM = 0.0625;

  private final CascadeBatch batch;
  private final HammingKernel kernel;
  private final int bytes;
  private final BatchRows rows;
  private final @Nullable BatchSketch sketch;
  private final BatchQuery[] order;
  private final long[] at = new long[TILE];
  private final int[] distances;
  private final int[] rest;
  private final int[] near = new int[Stripe.ROWS];

  /** The queries by number. */
  final List<BatchQuery> queries;

  /** Rows without fingerprint. */
  final TopKHeap withoutCode;

  /** Rows for queries that are NULL. */
  final TopKHeap any;

  // A row is pruned, or exact, once for each query.
  private final CascadeCounters counters = new CascadeCounters();

  BatchWorker(CascadeBatch batch, MemorySegment scratch, List<BatchQuery> queries) {
    this.batch = batch;
    this.kernel = batch.kernel;
    this.bytes = batch.bytes;
    this.queries = queries;
    this.order = queries.toArray(BatchQuery[]::new);
    this.rows = new BatchRows(kernel, scratch, bytes);
    this.distances = new int[TILE * BatchRows.rows(batch.width)];
    this.rest = new int[distances.length];
    this.sketch =
        Sketch.halves(batch.width) == 0
            ? null
            : new BatchSketch(
                batch.width, kernel, scratch.asSlice(BatchRows.scratchBytes(batch.width)));
    this.withoutCode = new TopKHeap(batch.nulls == NullRows.EXCLUDED ? 0 : batch.k);
    this.any = new TopKHeap(batch.nullQueries ? batch.k : 0);
  }

  static long scratchBytes(int width) {
    return BatchRows.scratchBytes(width) + BatchSketch.scratchBytes(width);
  }

  /**
   * The counters of all workers together.
   *
   * @param offered number of rows from which candidates were chosen before the search, if they were
   * @param rejected those of them that were not
   */
  public static CascadeCounters counters(List<BatchWorker> workers, long offered, long rejected) {
    CascadeCounters sum = new CascadeCounters();
    sum.candidates(offered);
    sum.rejected(rejected);
    workers.forEach(worker -> sum.addAll(worker.counters));
    return sum;
  }

  /**
   * Searches the rows of a block that are active and pass the filter.
   *
   * @return number of those rows whose fingerprint is not NULL
   */
  public int search(CodeBlock block, BlockFilter filter) {
    if (batch.isOverflown()) {
      return 0;
    }
    Selection candidates = block.columns().selection();
    counters.candidates(candidates.count());
    Selection passing = candidates.isEmpty() ? candidates : filter.filter(block.columns());
    counters.rejected(candidates.count() - passing.count());
    MemorySegment validity = block.validity();
    Selection absent = Selection.empty();
    Selection present = passing;
    if (validity != null) {
      absent = Validity.select(validity, passing, true);
      present = Validity.select(validity, passing, false);
    }
    offerNulls(present, absent, block::rowKey);
    compare(block.codes(), present, block::rowKey, order.length);
    return present.count();
  }

  /** Searches a stripe of a segment that has codes. */
  void search(Stripe stripe) {
    Segment segment = stripe.source.segment();
    offerNulls(stripe.rows, stripe.nulls, stripe.source::rowKey);
    if (batch.radius < 0) {
      return;
    }
    Codes codes = stripe.codes();
    int left = order.length;
    if (segment.sketch() != null) {
      left = ruleOut(segment.sketch(), codes, stripe);
    }
    compare(codes, stripe.rows, stripe.source::rowKey, left);
  }

  private void offerNulls(Selection present, Selection absent, IntToLongFunction keys) {
    counters.nulls(absent.count());
    offer(withoutCode, absent, keys);
    offer(any, absent, keys);
    if (batch.nullQueries) {
      offer(any, present, keys);
    }
  }

  private static void offer(TopKHeap heap, Selection some, IntToLongFunction keys) {
    for (int i = 0; i < some.count(); i++) {
      heap.offer(0, keys.applyAsLong(some.position(i)));
    }
  }

  /** Offers the rows of a stripe as seeds: those with the least sketch distances stay. */
  void seed(Stripe stripe) {
    Sketch sketches = stripe.source.segment().sketch();
    if (sketch == null || sketches == null) {
      return;
    }
    long start = System.nanoTime();
    sketch.start(sketches, stripe.rows);
    for (BatchQuery query : queries) {
      TopKHeap seeds = query.seeds;
      int most = seeds.isFull() ? seeds.worst() : Integer.MAX_VALUE;
      int count = sketch.near(Objects.requireNonNull(query.sketch), most, near);
      for (int j = 0; j < count; j++) {
        long key = (long) stripe.number << Integer.SIZE | stripe.rows.position(near[j]);
        seeds.offer(sketch.distance(near[j]), key);
      }
    }
    counters.read("sketch", sketch.halfBytes());
    counters.nanos("sketch", System.nanoTime() - start);
  }

  /**
   * Searches for the queries whose sketches rule out nearly all rows; returns the number of the
   * others, which come first in the order.
   */
  private int ruleOut(Sketch sketches, Codes codes, Stripe stripe) {
    BatchSketch level = sketch;
    if (level == null || stripe.rows.isEmpty()) {
      return order.length;
    }
    long start = System.nanoTime();
    int left = 0;
    boolean started = false;
    for (int i = 0; i < order.length; i++) {
      BatchQuery query = order[i];
      SketchThresholds thresholds = query.thresholds;
      int tau = batch.tau(query);
      boolean open = thresholds != null && thresholds.bound(tau) && query.gate.isOpen();
      if (open && !started) {
        level.start(sketches, stripe.rows);
        counters.read("sketch", level.halfBytes());
        started = true;
      }
      if (!open || !ruleOut(level, query, codes, stripe)) {
        order[i] = order[left];
        order[left++] = query;
      }
    }
    counters.nanos("sketch", System.nanoTime() - start);
    return left;
  }

  /** Searches for one query by its sketch; false if that would not pay. */
  private boolean ruleOut(BatchSketch level, BatchQuery query, Codes codes, Stripe stripe) {
    SketchQuery sampled = Objects.requireNonNull(query.sketch);
    SketchThresholds thresholds = Objects.requireNonNull(query.thresholds);
    int count = level.near(sampled, thresholds.of(0), near);
    if (sampled.halves() > 1 && count > 0) {
      count = level.keepNear(sampled, thresholds.of(1), near, count);
    }
    boolean pays = count < SKETCH_PAYS_BELOW * stripe.rows.count();
    query.gate.report(pays);
    if (!pays) {
      return false;
    }
    counters.pruned("sketch", stripe.rows.count() - count);
    int before = query.found.size();
    int exact = 0;
    for (int j = 0; j < count; j++) {
      int row = stripe.rows.position(near[j]);
      int tau = batch.tau(query);
      int distance =
          codes.distance(kernel, batch.queries, batch.at(query.number), row, 0, bytes, 0, tau);
      if (distance <= tau) {
        batch.offer(query, distance, stripe.source.rowKey(row));
        exact++;
      }
    }
    counters.exact(exact);
    counters.pruned("prefix", count - exact);
    batch.grow(query.found.size() - before);
    return true;
  }

  /** Compares rows with the queries that come first in the order. */
  private void compare(Codes codes, Selection all, IntToLongFunction keys, int count) {
    if (count == 0 || all.isEmpty() || batch.radius < 0) {
      return;
    }
    long start = System.nanoTime();
    // Those with prefixes about as long share a tile.
    Arrays.sort(order, 0, count, Comparator.comparingInt(query -> query.prefix));
    int step = BatchRows.rows(batch.width);
    for (int from = 0; from < all.count() && !batch.isOverflown(); from += step) {
      rows.start(codes, all.slice(from, Math.min(from + step, all.count())), keys);
      int read = 0;
      for (int first = 0; first < count; first += TILE) {
        read = Math.max(read, compareTile(codes, first, Math.min(TILE, count - first)));
      }
      counters.read("exact", (long) rows.count() * read);
    }
    for (int i = 0; i < count; i++) {
      order[i].adapt(all.count());
    }
    counters.nanos("exact", System.nanoTime() - start);
  }

  /** Compares the rows with up to four queries; returns the number of bytes read of each row. */
  private int compareTile(Codes codes, int first, int size) {
    int prefix = 0;
    for (int j = 0; j < TILE; j++) {
      BatchQuery query = order[first + Math.min(j, size - 1)];
      at[j] = batch.at(query.number);
      prefix = Math.max(prefix, query.prefix);
    }
    int count = rows.count();
    rows.view(prefix);
    kernel.tile(batch.queries, at, rows.memory, rows.offset, rows.stride, count, prefix, distances);
    if (prefix < bytes && isManyLeft(first, size)) {
      finishTile(prefix);
      prefix = bytes;
    }
    int grown = 0;
    for (int j = 0; j < size; j++) {
      BatchQuery query = order[first + j];
      int left = kernel.within(distances, j * count, count, batch.tau(query), near);
      query.left(left);
      grown += offer(codes, query, j * count, left, prefix);
    }
    batch.grow(grown);
    return prefix;
  }

  /** Whether the prefix leaves so many rows that all are better finished; lengthens it if so. */
  private boolean isManyLeft(int first, int size) {
    int count = rows.count();
    boolean many = false;
    for (int j = 0; j < size; j++) {
      BatchQuery query = order[first + j];
      int left = kernel.within(distances, j * count, count, batch.tau(query), near);
      if (left > TOGETHER_FROM * count) {
        query.left(left);
        query.lengthen();
        many = true;
      }
    }
    return many;
  }

  private void finishTile(int prefix) {
    for (int j = 0; j < TILE; j++) {
      at[j] += prefix;
    }
    int count = rows.count();
    rows.view(bytes);
    kernel.tile(
        batch.queries,
        at,
        rows.memory,
        rows.offset + prefix,
        rows.stride,
        count,
        bytes - prefix,
        rest);
    for (int i = 0; i < TILE * count; i++) {
      distances[i] += rest[i];
    }
  }

  /** Offers a query the rows left; returns by how many its answer grew. */
  private int offer(Codes codes, BatchQuery query, int from, int left, int prefix) {
    int before = query.found.size();
    int exact = 0;
    for (int i = 0; i < left; i++) {
      int tau = batch.tau(query);
      int distance = distances[from + near[i]];
      if (prefix < bytes) {
        distance =
            codes.distance(
                kernel,
                batch.queries,
                batch.at(query.number),
                rows.position(near[i]),
                prefix,
                bytes,
                distance,
                tau);
      }
      if (distance <= tau) {
        batch.offer(query, distance, rows.key(near[i]));
        exact++;
      }
    }
    int whole = prefix < bytes ? exact : rows.count();
    counters.exact(whole);
    if (whole < rows.count()) {
      counters.pruned("prefix", rows.count() - whole);
    }
    return query.found.size() - before;
  }
}
