package org.bindsql.cascade;

import java.util.Arrays;
import java.util.Objects;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * The level that compares sketches: rules out rows whose sampled bits differ more than tau allows.
 */
final class SketchLevel {
  /** Share of wanted rows below which a sketch is read row by row, not a block at a time. */
  private static final double SINGLE_BELOW = 0.0625;

  private static final String NAME = "sketch";

  private final SketchQuery query;
  private final HammingKernel kernel;
  private final double gatherBelow;
  private final CascadeCounters counters;
  private final Gate gate = new Gate();
  private final int[] thresholds;
  private int thresholdsOf = CascadeRequest.NO_RADIUS;
  private short[] block = new short[Stripe.ROWS + 2 * Sketch.BLOCK_ROWS];
  private final int[] parts = new int[Stripe.ROWS];

  SketchLevel(
      SketchQuery query, HammingKernel kernel, double gatherBelow, CascadeCounters counters) {
    this.query = query;
    this.kernel = kernel;
    this.gatherBelow = gatherBelow;
    this.counters = counters;
    this.thresholds = new int[query.halves()];
    Arrays.fill(thresholds, CascadeRequest.NO_RADIUS);
  }

  /** Distances of a stripe's rows in the first half: the i-th row's at i. Kept in the stripe. */
  short[] sketched(Stripe stripe) {
    short[] known = stripe.sketched;
    if (known != null) {
      return known;
    }
    long start = System.nanoTime();
    short[] distances = new short[stripe.rows.count()];
    if (distances.length > 0) {
      read(sketch(stripe), stripe.rows, stripe.span(), distances);
    }
    stripe.sketched = distances;
    counters.nanos(NAME, System.nanoTime() - start);
    return distances;
  }

  private static Sketch sketch(Stripe stripe) {
    return Objects.requireNonNull(stripe.source.segment().sketch(), "sketch");
  }

  private void read(Sketch sketch, Selection rows, int span, short[] distances) {
    if (rows.count() < SINGLE_BELOW * span) {
      for (int i = 0; i < distances.length; i++) {
        distances[i] = (short) query.distance(0, sketch, rows.position(i));
      }
      counters.read(NAME, (long) distances.length * Sketch.HALF_BITS / Byte.SIZE);
      return;
    }
    int first = readBlocks(0, sketch, rows.position(0), span);
    if (rows.isRange()) {
      System.arraycopy(block, rows.from() - first, distances, 0, distances.length);
    } else {
      int[] positions = rows.positions();
      for (int i = 0; i < distances.length; i++) {
        distances[i] = block[positions[i] - first];
      }
    }
  }

  /**
   * Compares the blocks that hold rows {@code from} to {@code from + span - 1}; the first's row.
   */
  private int readBlocks(int half, Sketch sketch, int from, int span) {
    int first = from / Sketch.BLOCK_ROWS * Sketch.BLOCK_ROWS;
    int blocks = (from + span - first + Sketch.BLOCK_ROWS - 1) / Sketch.BLOCK_ROWS;
    if (block.length < blocks * Sketch.BLOCK_ROWS) {
      block = new short[blocks * Sketch.BLOCK_ROWS];
    }
    kernel.sketch(
        query.words(half),
        query.masks(half),
        sketch.memory(),
        sketch.blockOffset(half, first),
        blocks,
        block);
    counters.read(NAME, (long) blocks * Sketch.BLOCK_BYTES);
    return first;
  }

  /**
   * Rules out rows, if that pays.
   *
   * @param rows receives the rows left of the stripe's
   */
  void prune(Stripe stripe, Survivors rows, int tau) {
    // Rows that are not in memory are dear: there every row less pays.
    boolean fetched = stripe.isCold();
    if (stripe.rows.isEmpty() || !bound(tau) || !(fetched || gate.isOpen())) {
      rows.start(stripe.rows);
      return;
    }
    short[] first = sketched(stripe);
    long start = System.nanoTime();
    ruleOut(stripe, first, rows);
    int before = stripe.rows.count();
    boolean pays = rows.count < gatherBelow * before;
    if (!fetched) {
      gate.report(pays);
    }
    if (pays || fetched) {
      counters.pruned(NAME, before - rows.count);
    } else {
      rows.start(stripe.rows);
    }
    counters.nanos(NAME, System.nanoTime() - start);
  }

  /** Number of a stripe's rows that would be left, whether that pays or not. */
  int left(Stripe stripe, Survivors rows, int tau) {
    if (!stripe.rows.isEmpty() && bound(tau)) {
      ruleOut(stripe, sketched(stripe), rows);
    } else {
      rows.start(stripe.rows);
    }
    return rows.count;
  }

  private void ruleOut(Stripe stripe, short[] first, Survivors rows) {
    rows.start(stripe.rows, first, thresholds[0]);
    if (thresholds.length > 1 && rows.count > 0) {
      pruneBySecond(sketch(stripe), rows);
    }
  }

  private void pruneBySecond(Sketch sketch, Survivors rows) {
    int span = rows.span();
    if (rows.count < SINGLE_BELOW * span) {
      for (int i = 0; i < rows.count; i++) {
        parts[i] = query.distance(1, sketch, rows.rows[i]);
      }
      counters.read(NAME, (long) rows.count * Sketch.HALF_BITS / Byte.SIZE);
    } else {
      int first = readBlocks(1, sketch, rows.rows[0], span);
      for (int i = 0; i < rows.count; i++) {
        parts[i] = block[rows.rows[i] - first];
      }
    }
    rows.keep(parts, thresholds[1]);
  }

  /** Sets the thresholds for tau; false if they cannot rule out anything. */
  private boolean bound(int tau) {
    if (tau == CascadeRequest.NO_RADIUS) {
      return false;
    }
    // Summing tails costs microseconds: thresholds of a slightly greater tau hold as well.
    if (tau < thresholdsOf - thresholdsOf / 64 || thresholdsOf == CascadeRequest.NO_RADIUS) {
      for (int half = 0; half < thresholds.length; half++) {
        thresholds[half] = query.threshold(half, tau);
      }
      thresholdsOf = tau;
    }
    return !query.isVain(thresholds.length - 1, thresholds[thresholds.length - 1])
        || !query.isVain(0, thresholds[0]);
  }
}
