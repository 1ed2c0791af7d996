package org.bindsql.cascade;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import org.bindsql.kernel.HammingKernel;
import org.jspecify.annotations.Nullable;

/**
 * Puts a segment's rows in the order of {@link Lists}: a copy of the segment, which itself stays
 * what it is.
 */
public final class ListOrder {
  /** Rows after which the checkpoint is asked. */
  private static final int CHECK_ROWS = 1024;

  private final Segment segment;
  private final @Nullable MemorySegment there;
  private final Centres centres;
  private final HammingKernel kernel;
  private final Runnable checkpoint;

  /**
   * Creates an order to be made.
   *
   * @param segment with codes as wide as the centres, and a sketch; not in the order of lists
   * @param there Arrow bitmap of the rows of which those that are not NULL are put in lists, null
   *     for all; what the other rows' bytes are does not matter
   * @param checkpoint run now and then; what it throws ends the making
   */
  public ListOrder(
      Segment segment,
      @Nullable MemorySegment there,
      Centres centres,
      HammingKernel kernel,
      Runnable checkpoint) {
    this.segment = segment;
    this.there = there;
    this.centres = centres;
    this.kernel = kernel;
    this.checkpoint = checkpoint;
  }

  /** Bytes off-heap that {@link #copy} allocates, alignment included. */
  public static long bytes(int width, int rows, int centres, boolean validity) {
    long bytes = padded(Codes.slicedBytes(width, rows)) + padded(Sketch.bytes(width, rows));
    return bytes + padded(Lists.bytes(rows, centres)) + (validity ? padded((rows + 7L) / 8) : 0);
  }

  private static long padded(long bytes) {
    return (bytes + Segment.ALIGNMENT - 1) / Segment.ALIGNMENT * Segment.ALIGNMENT;
  }

  /** The segment in the order of lists. */
  public Segment copy(SegmentAllocator memory) {
    int rows = segment.rows();
    char[] list = new char[rows];
    char[] radius = new char[rows];
    assign(list, radius);
    int[] order = order(list, radius);
    Segment copy = Segment.allocate(rows, segment.width(), memory);
    Lists lists =
        new Lists(
            memory.allocate(Lists.bytes(rows, centres.count()), Segment.ALIGNMENT), rows, centres);
    lists.write(order, list, radius);
    copyRows(order, copy);
    MemorySegment validity = segment.validity();
    return copy.withLists(lists)
        .withValidity(validity == null ? null : ordered(validity, order, memory));
  }

  /** Assigns each row to the centre that is nearest by the sketch. */
  private void assign(char[] list, char[] radius) {
    Arrays.fill(list, (char) centres.count());
    Codes codes = Objects.requireNonNull(segment.codes());
    Sketch sketch = Objects.requireNonNull(segment.sketch());
    int width = segment.width();
    try (Arena scratch = Arena.ofConfined()) {
      SketchIndex index = new SketchIndex(width, centres.count(), scratch, kernel);
      for (int i = 0; i < centres.count(); i++) {
        index.add(centres.codes().memory(), centres.codes().offset(0, i));
      }
      long[][] words = new long[sketch.halves()][Sketch.HALF_WORDS];
      MemorySegment code = scratch.allocate(width, Segment.ALIGNMENT);
      for (int row = 0; row < segment.rows(); row++) {
        if (row % CHECK_ROWS == 0) {
          checkpoint.run();
        }
        if (isThere(row)) {
          sketch.read(row, words);
          int nearest = index.nearest(words);
          codes.read(row, 0, width, code, 0);
          Codes all = centres.codes();
          int distance = kernel.distance(code, 0, all.memory(), all.offset(0, nearest), width);
          if (distance <= Lists.MAX_RADIUS) {
            list[row] = (char) nearest;
            radius[row] = (char) distance;
          }
        }
      }
    }
  }

  private boolean isThere(int row) {
    return isSet(there, row) && isSet(segment.validity(), row);
  }

  private static boolean isSet(@Nullable MemorySegment bitmap, int row) {
    return bitmap == null || (bitmap.get(ValueLayout.JAVA_BYTE, row >>> 3) >>> (row & 7) & 1) == 1;
  }

  /** Rows by radius, those of a chunk by list and radius, those in no list last. */
  private int[] order(char[] list, char[] radius) {
    int rows = list.length;
    long[] keys = new long[rows]; // sorted as numbers: far faster than rows by a comparator
    for (int row = 0; row < rows; row++) {
      boolean none = list[row] == centres.count();
      keys[row] = (none ? 1L << 48 : 0) | (long) radius[row] << 32 | row;
    }
    Arrays.sort(keys);
    for (int from = 0; from < rows; from += Lists.CHUNK) {
      int to = Math.min(rows, from + Lists.CHUNK);
      for (int i = from; i < to; i++) {
        int row = (int) keys[i];
        keys[i] = (long) list[row] << 48 | (long) radius[row] << 32 | row;
      }
      Arrays.sort(keys, from, to);
    }
    return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
  }

  private void copyRows(int[] order, Segment copy) {
    Codes from = Objects.requireNonNull(segment.codes());
    Codes to = Objects.requireNonNull(copy.codes());
    int slices = from.slices(from.width());
    for (int s = 0; s < slices; s++) { // slice by slice: what is written lies side by side
      for (int position = 0; position < order.length; position++) {
        if (position % CHECK_ROWS == 0) {
          checkpoint.run();
        }
        MemorySegment.copy(
            from.memory(),
            from.offset(s, order[position]),
            to.memory(),
            to.offset(s, position),
            from.sliceBytes());
      }
    }
    Sketch sketch = Objects.requireNonNull(segment.sketch());
    Sketch sketchCopy = Objects.requireNonNull(copy.sketch());
    long[][] words = new long[sketch.halves()][Sketch.HALF_WORDS];
    for (int position = 0; position < order.length; position++) {
      sketch.read(order[position], words);
      sketchCopy.write(position, words);
    }
  }

  private static MemorySegment ordered(MemorySegment bitmap, int[] order, SegmentAllocator memory) {
    MemorySegment ordered = memory.allocate((order.length + 7) / 8, Segment.ALIGNMENT);
    ordered.fill((byte) 0);
    for (int position = 0; position < order.length; position++) {
      if (isSet(bitmap, order[position])) {
        byte bits = ordered.get(ValueLayout.JAVA_BYTE, position >>> 3);
        ordered.set(ValueLayout.JAVA_BYTE, position >>> 3, (byte) (bits | 1 << (position & 7)));
      }
    }
    return ordered;
  }
}
