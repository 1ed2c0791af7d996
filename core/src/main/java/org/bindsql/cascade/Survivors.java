package org.bindsql.cascade;

import java.util.Arrays;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/** Rows of a stripe that are left, with what is known of their distances; thread-confined. */
final class Survivors {
  /** Positions in the segment, ascending; the first {@link #count} count. */
  int[] rows = new int[Stripe.ROWS];

  /** Lower bound of the distance of each, the distance itself after the last level. */
  int[] bounds = new int[Stripe.ROWS];

  int count;

  /** Starts with all rows of a selection, at most {@link Stripe#ROWS}. */
  void start(Selection selection) {
    count = selection.count();
    if (selection.isRange()) {
      for (int i = 0, from = selection.from(); i < count; i++) {
        rows[i] = from + i;
      }
    } else {
      System.arraycopy(selection.positions(), 0, rows, 0, count);
    }
    Arrays.fill(bounds, 0, count, 0);
  }

  /**
   * Starts with the rows of a selection whose bound is at most tau.
   *
   * @param firstBounds bound of the i-th row at i
   */
  void start(HammingKernel kernel, Selection selection, short[] firstBounds, int tau) {
    count = kernel.within(firstBounds, 0, selection.count(), tau, rows);
    for (int i = 0; i < count; i++) {
      bounds[i] = firstBounds[rows[i]];
      rows[i] = selection.position(rows[i]);
    }
  }

  /** Number of rows of the segment from the first survivor to the last. */
  int span() {
    return count == 0 ? 0 : rows[count - 1] - rows[0] + 1;
  }

  /**
   * Adds a part of the distance to each bound and keeps the rows whose bound is at most tau.
   *
   * @param parts part of the i-th row at i
   */
  void keep(int[] parts, int tau) {
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int bound = bounds[i] + parts[i];
      rows[kept] = rows[i];
      bounds[kept] = bound;
      kept += bound <= tau ? 1 : 0;
    }
    count = kept;
  }

  /**
   * The same for parts of all rows from the first survivor to the last.
   *
   * @param parts part of row {@code rows[0] + i} at i
   */
  void keepOfSpan(int[] parts, int tau) {
    int first = count == 0 ? 0 : rows[0];
    if (least(parts, span()) > tau) {
      count = 0; // the usual end, found by a loop of vectors
      return;
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      int bound = bounds[i] + parts[row - first];
      rows[kept] = row;
      bounds[kept] = bound;
      kept += bound <= tau ? 1 : 0;
    }
    count = kept;
  }

  private static int least(int[] parts, int length) {
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < length; i++) {
      least = Math.min(least, parts[i]);
    }
    return least;
  }
}
