package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * The level that computes distances, slice by slice: a row whose distance up to a slice's end
 * exceeds tau is given up.
 *
 * <p>Memory streams: a row that is gathered costs 2 to 3 times a row that is read in passing. So
 * where at least the share {@code gatherBelow} of a stretch is wanted, all of it is read.
 */
final class SliceLevel {
  /** Share of the bytes below which slices pay: they cost a few percent more than whole rows. */
  private static final double PAYS_BELOW = 0.9;

  private final MemorySegment query;
  private final int bytes;
  private final HammingKernel kernel;
  private final double gatherBelow;
  private final CascadeCounters counters;
  private final Gate gate = new Gate();
  private int[] parts = new int[Stripe.ROWS];

  SliceLevel(
      MemorySegment query,
      int bytes,
      HammingKernel kernel,
      double gatherBelow,
      CascadeCounters counters) {
    this.query = query;
    this.bytes = bytes;
    this.kernel = kernel;
    this.gatherBelow = gatherBelow;
    this.counters = counters;
  }

  /** Leaves the rows whose distance is at most tau, and their distances as bounds. */
  void prune(Codes codes, Survivors rows, int tau) {
    if (rows.count == 0) {
      return;
    }
    Arrays.fill(rows.bounds, 0, rows.count, 0);
    long start = System.nanoTime();
    int slices = codes.slices(bytes);
    if (slices == 1 || tau >= bytes * Byte.SIZE || !gate.isOpen()) {
      counters.exact(rows.count);
      whole(codes, rows, tau);
    } else {
      long all = (long) rows.count * bytes;
      long read = slices(codes, rows, tau);
      gate.report(read < PAYS_BELOW * all);
    }
    counters.nanos("slices", System.nanoTime() - start);
  }

  /** Distances of some rows, the i-th row's at i. */
  int[] distances(Codes codes, Selection rows) {
    long start = System.nanoTime();
    int[] distances = new int[rows.count()];
    if (rows.isRange()) {
      codes.distances(kernel, query, bytes, rows.from(), rows.count(), distances);
    } else {
      codes.gather(kernel, query, bytes, rows.positions(), 0, rows.count(), distances);
    }
    counters.read("slices", (long) rows.count() * bytes);
    counters.nanos("slices", System.nanoTime() - start);
    return distances;
  }

  private void whole(Codes codes, Survivors rows, int tau) {
    int span = rows.span();
    if (rows.count < gatherBelow * span) {
      codes.gather(kernel, query, bytes, rows.rows, 0, rows.count, parts);
      counters.read("slices", (long) rows.count * bytes);
      rows.keep(parts, tau);
    } else {
      ensure(span);
      codes.distances(kernel, query, bytes, rows.rows[0], span, parts);
      counters.passing(span - rows.count);
      counters.read("slices", (long) span * bytes);
      rows.keepOfSpan(parts, tau);
    }
  }

  /** Returns the number of bytes read. */
  private long slices(Codes codes, Survivors rows, int tau) {
    int before = rows.count;
    int last = codes.slices(bytes) - 1;
    long read = 0;
    for (int s = 0; s < last && rows.count > 0; s++) {
      read += slice(codes, s, rows, tau);
    }
    counters.pruned("slices", before - rows.count);
    counters.exact(rows.count);
    if (rows.count > 0) {
      read += slice(codes, last, rows, tau);
    }
    counters.read("slices", read);
    return read;
  }

  private long slice(Codes codes, int s, Survivors rows, int tau) {
    int size = codes.bytesIn(s, bytes);
    int span = rows.span();
    if (rows.count < gatherBelow * span) {
      long read = (long) rows.count * size;
      kernel.gather(
          query.asSlice((long) s * codes.sliceBytes(), size),
          codes.memory(),
          codes.offset(s, 0),
          codes.sliceBytes(),
          rows.rows,
          0,
          rows.count,
          size,
          parts);
      rows.keep(parts, tau);
      return read;
    }
    ensure(span);
    Arrays.fill(parts, 0, span, 0);
    kernel.addDistances(
        query,
        (long) s * codes.sliceBytes(),
        codes.memory(),
        codes.offset(s, rows.rows[0]),
        codes.sliceBytes(),
        span,
        size,
        parts);
    rows.keepOfSpan(parts, tau);
    return (long) span * size;
  }

  private void ensure(int length) {
    if (parts.length < length) {
      parts = new int[length];
    }
  }
}
