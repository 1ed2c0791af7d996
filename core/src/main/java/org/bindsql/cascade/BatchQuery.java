package org.bindsql.cascade;

import org.jspecify.annotations.Nullable;

/** One query of a {@link CascadeBatch} as one thread sees it. */
final class BatchQuery {
  /** Bytes by which prefixes grow and shrink, at least: a line of the cache. */
  static final int STEP = 64;

  /** Share of the rows left by a prefix below which a shorter one is tried. */
  private static final double FEW = 1.0 / 2048;

  /** Share above which it is too short: to finish a row takes as long as to compare hundreds. */
  private static final double MANY = 1.0 / 512;

  final int number;

  /** The query as sketches see it, or null without sketches. */
  final @Nullable SketchQuery sketch;

  /** Thresholds for its sketch, or null without sketches. */
  final @Nullable SketchThresholds thresholds;

  /** Whether sketches pay. */
  final Gate gate = new Gate();

  final TopKHeap found;

  /** Rows that look near by their sketches: numbers of stripes and positions. */
  final TopKHeap seeds;

  /** Leading bytes to compare before rows are given up, up to all that count. */
  int prefix;

  private final int bytes;
  private final Gate shorter = new Gate();
  private long left;

  BatchQuery(int number, int bytes, long k, @Nullable SketchQuery sketch, int seedsWanted) {
    this.number = number;
    this.bytes = bytes;
    this.prefix = bytes;
    this.found = new TopKHeap(k);
    this.seeds = new TopKHeap(seedsWanted);
    this.sketch = sketch;
    this.thresholds = sketch == null ? null : new SketchThresholds(sketch);
  }

  /** Notes that so many rows were left by the prefix. */
  void left(int rows) {
    left += rows;
  }

  /** Makes the prefix longer, at once. */
  void lengthen() {
    prefix = Math.min(bytes, prefix + step());
  }

  /**
   * Fits the prefix to what it left of some rows. So it follows tau and the data, whatever they
   * are; a length that left too many rows is tried again ever more seldom.
   */
  void adapt(int rows) {
    if (left > MANY * rows) {
      shorter.report(prefix == bytes);
      lengthen();
    } else if (left <= FEW * rows && prefix > STEP && shorter.isOpen()) {
      prefix = Math.max(STEP, prefix - step());
    }
    left = 0;
  }

  private int step() {
    return Math.max(1, prefix / 8 / STEP) * STEP;
  }
}
