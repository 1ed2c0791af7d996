package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bindsql.kernel.HammingKernel;

/** Codes to which the nearest is found by all bits of their sketches; thread-confined. */
final class SketchIndex {
  private final Sketch sketches;
  private final HammingKernel kernel;
  private final List<short[]> distances;
  private final long[][] masks;
  private int count;

  /**
   * Creates an index without codes.
   *
   * @param capacity greatest number of codes
   */
  SketchIndex(int width, int capacity, SegmentAllocator memory, HammingKernel kernel) {
    this.sketches =
        new Sketch(
            memory.allocate(Sketch.bytes(width, capacity), Segment.ALIGNMENT), width, capacity);
    this.kernel = kernel;
    int padded = capacity + Sketch.BLOCK_ROWS;
    this.distances =
        IntStream.range(0, sketches.halves()).mapToObj(half -> new short[padded]).toList();
    this.masks = new long[sketches.halves()][Sketch.HALF_WORDS];
    for (long[] mask : masks) {
      Arrays.fill(mask, -1);
    }
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == sketches.rows();
  }

  /** Adds the code at {@code at}; its number is the {@link #count} before. */
  void add(MemorySegment code, long at) {
    sketches.write(count++, code, at);
  }

  /**
   * Number of the nearest code, the first of several; -1 if there is none.
   *
   * @param words all words of a code's sketch, by half
   */
  int nearest(long[][] words) {
    int blocks = (count + Sketch.BLOCK_ROWS - 1) / Sketch.BLOCK_ROWS;
    for (int half = 0; half < masks.length && blocks > 0; half++) {
      kernel.sketch(
          words[half],
          masks[half],
          sketches.memory(),
          sketches.blockOffset(half, 0),
          blocks,
          distances.get(half));
    }
    short[] first = distances.getFirst();
    short[] last = distances.getLast();
    int nearest = -1;
    int least = Integer.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      int distance = first[i] + last[i];
      if (distance < least) {
        least = distance;
        nearest = i;
      }
    }
    return nearest;
  }
}
