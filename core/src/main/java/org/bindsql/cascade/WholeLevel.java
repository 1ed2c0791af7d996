package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * The level that computes distances of codes that are not cut into slices: short ones, of which a
 * thousand and more are compared in a microsecond. So nothing is done for each row but what vectors
 * do for many: distances are shorts, and only those within tau are looked at one by one.
 */
final class WholeLevel {
  private static final double CACHE_LINE = 64;

  private final MemorySegment query;
  private final int bytes;
  private final HammingKernel kernel;

  /** Share of wanted rows below which they are gathered. */
  private final double gatherBelow;

  private final CascadeCounters counters;
  private short[] distances = new short[Stripe.ROWS];
  private int[] near = new int[Stripe.ROWS];

  WholeLevel(
      MemorySegment query,
      int bytes,
      HammingKernel kernel,
      double gatherBelow,
      CascadeCounters counters) {
    this.query = query;
    this.bytes = bytes;
    this.kernel = kernel;
    // Several rows shorter than a cache line come with the line of one that is gathered.
    this.gatherBelow = gatherBelow * Math.min(1, bytes / CACHE_LINE);
    this.counters = counters;
  }

  /** Whether this level can search such codes: all bytes count, and distances fit a short. */
  boolean accepts(Codes codes) {
    return codes.sliceBytes() == bytes && bytes <= HammingKernel.MAX_SHORT_BYTES;
  }

  /**
   * Finds the rows whose distance is at most tau.
   *
   * @param rows at most {@link Stripe#ROWS}
   * @param left receives them, and their distances as bounds
   */
  void prune(Codes codes, Selection rows, Survivors left, int tau) {
    left.count = 0;
    if (rows.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    int first = rows.position(0);
    int span = rows.position(rows.count() - 1) - first + 1;
    if (rows.count() < gatherBelow * span) {
      gather(codes, rows, left, tau);
    } else {
      stream(codes, rows, first, span, left, (short) Math.clamp(tau, -1, Short.MAX_VALUE));
    }
    counters.exact(rows.count());
    counters.nanos("slices", System.nanoTime() - start);
  }

  private void gather(Codes codes, Selection rows, Survivors left, int tau) {
    counters.read("slices", (long) rows.count() * bytes);
    codes.gather(kernel, query, bytes, rows.positions(), 0, rows.count(), near);
    left.start(rows);
    left.keep(near, tau);
  }

  private void stream(Codes codes, Selection rows, int first, int span, Survivors left, short tau) {
    if (distances.length < span) {
      distances = new short[span];
      near = new int[span];
    }
    counters.passing(span - rows.count());
    counters.read("slices", (long) span * bytes);
    kernel.distances(query, codes.memory(), codes.offset(0, first), span, bytes, distances);
    int found = kernel.within(distances, 0, span, tau, near);
    int at = 0; // the wanted rows ascend, as those found do
    for (int i = 0; i < found; i++) {
      int row = first + near[i];
      if (!rows.isRange()) {
        at = Arrays.binarySearch(rows.positions(), at < 0 ? -1 - at : at, rows.count(), row);
      }
      if (at >= 0) {
        left.rows[left.count] = row;
        left.bounds[left.count++] = distances[near[i]];
      }
    }
  }
}
