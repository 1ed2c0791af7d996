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

  /**
   * Distances of a stripe's rows in the first half: the i-th row's at i; there may be more. Kept in
   * the stripe.
   */
  short[] sketched(Stripe stripe) {
    short[] known = stripe.sketched;
    if (known != null) {
      return known;
    }
    long start = System.nanoTime();
    short[] distances =
        stripe.rows.isEmpty() ? new short[0] : read(sketch(stripe), stripe.rows, stripe.span());
    stripe.sketched = distances;
    counters.nanos(NAME, System.nanoTime() - start);
    return distances;
  }

  private static Sketch sketch(Stripe stripe) {
    return Objects.requireNonNull(stripe.source.segment().sketch(), "sketch");
  }

  private short[] read(Sketch sketch, Selection rows, int span) {
    int count = rows.count();
    if (rows.isRange() && rows.from() % Sketch.BLOCK_ROWS == 0) {
      return readBlocks(0, sketch, rows.from(), count, new short[whole(count)]);
    }
    short[] distances = new short[count];
    if (count < SINGLE_BELOW * span) {
      for (int i = 0; i < count; i++) {
        distances[i] = (short) query.distance(0, sketch, rows.position(i));
      }
      counters.read(NAME, (long) count * Sketch.HALF_BITS / Byte.SIZE);
      return distances;
    }
    int first = firstOfBlock(rows.position(0));
    short[] all = readBlock(0, sketch, rows.position(0), span);
    for (int i = 0; i < count; i++) {
      distances[i] = all[rows.position(i) - first];
    }
    return distances;
  }

  /** Number of rows in the blocks that hold {@code rows} rows from a first of a block on. */
  private static int whole(int rows) {
    return (rows + Sketch.BLOCK_ROWS - 1) / Sketch.BLOCK_ROWS * Sketch.BLOCK_ROWS;
  }

  private static int firstOfBlock(int row) {
    return row / Sketch.BLOCK_ROWS * Sketch.BLOCK_ROWS;
  }

  /**
   * Compares the blocks that hold rows {@code from} to {@code from + span - 1}; entry 0 is of
   * {@link #firstOfBlock} of the first.
   */
  private short[] readBlock(int half, Sketch sketch, int from, int span) {
    int first = firstOfBlock(from);
    int rows = from + span - first;
    if (block.length < whole(rows)) {
      block = new short[whole(rows)];
    }
    return readBlocks(half, sketch, first, rows, block);
  }

  private short[] readBlocks(int half, Sketch sketch, int first, int rows, short[] out) {
    int blocks = whole(rows) / Sketch.BLOCK_ROWS;
    kernel.sketch(
        query.words(half),
        query.masks(half),
        sketch.memory(),
        sketch.blockOffset(half, first),
        blocks,
        out);
    counters.read(NAME, (long) blocks * Sketch.BLOCK_BYTES);
    return out;
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
    rows.start(kernel, stripe.rows, first, thresholds[0]);
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
      int first = firstOfBlock(rows.rows[0]);
      short[] all = readBlock(1, sketch, rows.rows[0], span);
      for (int i = 0; i < rows.count; i++) {
        parts[i] = all[rows.rows[i] - first];
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
