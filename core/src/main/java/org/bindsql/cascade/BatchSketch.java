package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/** The sketches of the rows of a stripe, which meet one query after the other. */
final class BatchSketch {
  /** Share of the rows left above which the second half is compared a block at a time. */
  private static final double BLOCKS_FROM = 0.0625;

  private final HammingKernel kernel;
  private final MemorySegment scratch;
  private final short[] first = new short[Stripe.ROWS + 2 * Sketch.BLOCK_ROWS];
  private final short[] second = new short[Stripe.ROWS + 2 * Sketch.BLOCK_ROWS];
  private Sketch sketch;
  private int from;
  private int count;

  /**
   * Creates it without rows.
   *
   * @param width of the fingerprints, one with sketches
   * @param scratch {@link #scratchBytes} bytes
   */
  BatchSketch(int width, HammingKernel kernel, MemorySegment scratch) {
    this.kernel = kernel;
    this.scratch = scratch;
    this.sketch = new Sketch(scratch, width, Stripe.ROWS);
  }

  static long scratchBytes(int width) {
    return Sketch.bytes(width, Stripe.ROWS);
  }

  /** Starts with other rows, up to a stripe of them; those that do not follow are copied. */
  void start(Sketch newSketch, Selection rows) {
    count = rows.count();
    if (count == 0 || rows.isRange()) {
      sketch = newSketch;
      from = count == 0 ? 0 : rows.from();
      return;
    }
    from = 0;
    sketch = new Sketch(scratch, newSketch.width(), Stripe.ROWS);
    for (int i = 0; i < count; i++) {
      sketch.copy(i, newSketch, rows.position(i));
    }
  }

  /** Bytes of the rows' sketches in one half. */
  long halfBytes() {
    return (long) count * Sketch.HALF_BITS / Byte.SIZE;
  }

  /** Finds the rows near a query in the first half; returns their number. */
  int near(SketchQuery query, int most, int[] positions) {
    int start = compare(query, 0, first);
    return kernel.within(first, start, count, most, positions);
  }

  /** Distance of the i-th row to the query compared last, in the first half. */
  int distance(int i) {
    return first[from % Sketch.BLOCK_ROWS + i];
  }

  /**
   * Keeps of the rows near a query those near it in both halves together; returns their number.
   *
   * @param positions of the rows that {@link #near} found last
   */
  int keepNear(SketchQuery query, int most, int[] positions, int near) {
    boolean blocks = near > BLOCKS_FROM * count;
    int start = blocks ? compare(query, 1, second) : 0;
    int kept = 0;
    for (int j = 0; j < near; j++) {
      int i = positions[j];
      int rest = blocks ? second[start + i] : query.distance(1, sketch, from + i);
      positions[kept] = i;
      kept += distance(i) + rest <= most ? 1 : 0;
    }
    return kept;
  }

  /** Compares the blocks that hold the rows; returns where the first row's distance is. */
  private int compare(SketchQuery query, int half, short[] out) {
    int skip = from % Sketch.BLOCK_ROWS;
    int blocks = (skip + count + Sketch.BLOCK_ROWS - 1) / Sketch.BLOCK_ROWS;
    kernel.sketch(
        query.words(half),
        query.masks(half),
        sketch.memory(),
        sketch.blockOffset(half, from),
        blocks,
        out);
    return skip;
  }
}
