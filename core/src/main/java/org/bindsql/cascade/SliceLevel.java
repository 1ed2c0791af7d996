package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * The level that computes distances, slice by slice: a row whose distance up to a slice's end
 * exceeds tau is given up.
 *
 * <p>Memory streams: a piece that is gathered costs 4 to 5 times one that is read in passing. So
 * where at least the share {@code gatherBelow} of a stretch is wanted, all of it is read, and as
 * many slices at once as a typical row takes to exceed tau: looking after fewer finds nothing. So a
 * query without neighbours has whole rows read.
 */
final class SliceLevel {
  /**
   * Share of wanted rows below which a slice of them is gathered: from memory a piece of 256 bytes
   * takes 25 to 31 ns so, 6.2 in passing.
   */
  static final double GATHER_BELOW = 0.22;

  private final MemorySegment query;
  private final int bytes;
  private final HammingKernel kernel;
  private final double gatherBelow;
  private final CascadeCounters counters;
  private int[] parts = new int[Stripe.ROWS];

  /** Differing bits per byte of a typical row: those of unrelated rows, until rows were read. */
  private double typical = Byte.SIZE / 2.0;

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
    int before = rows.count;
    int slices = codes.slices(bytes);
    int computed = 0; // rows of which the last slice was read, too
    for (int s = 0; s < slices && rows.count > 0; ) {
      computed = rows.count;
      if (rows.count < gatherBelow * rows.span()) {
        gather(codes, s++, rows, tau);
      } else {
        int some = Math.clamp(slicesToExceed(codes, tau) - s, 1, slices - s);
        stream(codes, s, some, rows, tau);
        s += some;
      }
      computed = s == slices ? computed : 0;
    }
    counters.exact(computed);
    if (computed < before) {
      counters.pruned("slices", before - computed);
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

  /** Number of slices after which a typical row exceeds tau. */
  private long slicesToExceed(Codes codes, int tau) {
    return 1 + (long) (tau / (typical * codes.sliceBytes()));
  }

  private void gather(Codes codes, int s, Survivors rows, int tau) {
    int size = codes.bytesIn(s, bytes);
    counters.read("slices", (long) rows.count * size);
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
  }

  private void stream(Codes codes, int s, int slices, Survivors rows, int tau) {
    int span = rows.span();
    if (parts.length < span) {
      parts = new int[span];
    }
    Arrays.fill(parts, 0, span, 0);
    codes.addDistances(kernel, query, bytes, s, slices, rows.rows[0], span, parts);
    int end = Math.min(bytes, (s + slices) * codes.sliceBytes());
    long read = (long) span * (end - s * codes.sliceBytes());
    if (s == 0) {
      counters.passing(span - rows.count);
      typical = Math.max(1.0 / Byte.SIZE, (double) sum(parts, span) / read);
    }
    counters.read("slices", read);
    rows.keepOfSpan(parts, tau);
  }

  private static long sum(int[] values, int count) {
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
    }
    return sum;
  }
}
