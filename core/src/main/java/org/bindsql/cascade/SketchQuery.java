package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;

/**
 * A query as sketches see it: its bits at the sampled positions, and which of them a mask counts.
 *
 * <p>Immutable, shared by the threads of a search.
 */
final class SketchQuery {
  private final long[][] words;
  private final long[][] masks;
  private final int[] drawn;
  private final int population;
  private final double delta;

  /**
   * Samples a query.
   *
   * @param query {@code width} bytes
   * @param bytes number of leading bytes that count
   * @param recall smallest share of the answer that must be found; 1 for all
   */
  SketchQuery(MemorySegment query, int width, int bytes, double recall) {
    int halves = Sketch.halves(width);
    SketchPositions positions = SketchPositions.of(width);
    this.words = new long[halves][Sketch.HALF_WORDS];
    this.masks = new long[halves][Sketch.HALF_WORDS];
    this.drawn = new int[halves];
    this.population = bytes * Byte.SIZE;
    this.delta = halves == 0 ? 0 : (1 - recall) / halves;
    for (int half = 0; half < halves; half++) {
      for (int word = 0; word < Sketch.HALF_WORDS; word++) {
        words[half][word] = positions.word(half, word, query, 0);
        masks[half][word] = positions.wordMask(half, word, bytes);
        drawn[half] += Long.bitCount(masks[half][word]);
      }
    }
  }

  int halves() {
    return words.length;
  }

  long[] words(int half) {
    return words[half];
  }

  long[] masks(int half) {
    return masks[half];
  }

  /**
   * Greatest number of differing bits in halves 0 to {@code half} together with which a row may
   * still be within tau: the number is a lower bound of the distance, and, if a share of the answer
   * may be lost, has a bound that holds but for a chance of {@link #delta}.
   */
  int threshold(int half, int tau) {
    if (delta == 0) {
      return tau;
    }
    int sample = 0;
    for (int i = 0; i <= half; i++) {
      sample += drawn[i];
    }
    return Math.min(tau, SampleBound.threshold(population, tau, sample, delta));
  }

  /** Whether no row can exceed a threshold. */
  boolean isVain(int half, int threshold) {
    int sample = 0;
    for (int i = 0; i <= half; i++) {
      sample += drawn[i];
    }
    return threshold >= sample;
  }

  /** Distance to one row in one half. */
  int distance(int half, Sketch sketch, int row) {
    return sketch.distance(half, row, words[half], masks[half]);
  }
}
