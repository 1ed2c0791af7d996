package org.bindsql.cascade;

import java.util.Arrays;

/**
 * Greatest sketch distances that rows within tau may have, as tau falls; thread-confined.
 *
 * <p>Summing tails costs microseconds, so thresholds are kept for a tau that is a little greater:
 * they hold as well.
 */
final class SketchThresholds {
  private final SketchQuery query;
  private final int[] thresholds;
  private int of = CascadeRequest.NO_RADIUS;

  SketchThresholds(SketchQuery query) {
    this.query = query;
    this.thresholds = new int[query.halves()];
    Arrays.fill(thresholds, CascadeRequest.NO_RADIUS);
  }

  /** Sets the thresholds for tau; false if they cannot rule out anything. */
  boolean bound(int tau) {
    if (tau == CascadeRequest.NO_RADIUS) {
      return false;
    }
    if (tau < of - of / 64 || of == CascadeRequest.NO_RADIUS) {
      for (int half = 0; half < thresholds.length; half++) {
        thresholds[half] = query.threshold(half, tau);
      }
      of = tau;
    }
    int last = thresholds.length - 1;
    return !query.isVain(last, thresholds[last]) || !query.isVain(0, thresholds[0]);
  }

  /** Greatest distance in halves 0 to {@code half} together. */
  int of(int half) {
    return thresholds[half];
  }
}
