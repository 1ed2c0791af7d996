package org.bindsql.lance.resident;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;
import org.apache.arrow.memory.BufferAllocator;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.Sketch;
import org.jspecify.annotations.Nullable;

/**
 * One {@link SegmentKey.Part} of a segment in off-heap memory, with a bitmap of which values are
 * not NULL.
 *
 * <p>A row that was deleted when the segment was read is not in it; an older version of the table,
 * in which the row still lives, cannot use it.
 */
final class SegmentMemory implements AutoCloseable {
  private final OffHeapBlock block;
  private final long dataBytes;
  private final @Nullable ListedRows listed;
  private boolean hasNulls;
  private @Nullable BitSet present;

  /** Rows that are known to be there: searches of a version ask for the same again and again. */
  private volatile @Nullable BitSet covered;

  private SegmentMemory(OffHeapBlock block, long dataBytes, @Nullable ListedRows listed) {
    this.block = block;
    this.dataBytes = dataBytes;
    this.listed = listed;
  }

  /**
   * A segment in the order of lists, which has no single {@link #data}.
   *
   * @param block where it lies; belongs to the new object, as do the rows
   * @param present numbers of the rows that are there, or null if all are
   */
  static SegmentMemory listed(OffHeapBlock block, ListedRows rows, @Nullable BitSet present) {
    return new SegmentMemory(block, 0, rows).complete(false, present);
  }

  /** The segment in the order of lists; null of other parts. */
  @Nullable ListedRows listed() {
    return listed;
  }

  /** Bytes of a part of so many rows, without bitmap; 0 if there is no such part. */
  static long dataBytes(SegmentKey.Part part, int width, int rows) {
    return switch (part) {
      case CODES -> Codes.slicedBytes(width, rows);
      case SKETCH -> Sketch.bytes(width, rows);
      case VALUES -> (long) width * rows;
      case LISTED -> throw new IllegalArgumentException("depends on the number of lists");
    };
  }

  /** Bytes of the bitmap of so many rows. */
  static long bitmapBytes(int rows) {
    return (rows + 7) / 8;
  }

  /** Memory for a part, all zeros and NULLs. */
  static SegmentMemory allocate(
      BufferAllocator counter, SegmentKey.Part part, int width, int rows) {
    long dataBytes = dataBytes(part, width, rows);
    OffHeapBlock block = OffHeapBlock.allocate(counter, dataBytes + bitmapBytes(rows));
    SegmentMemory memory = new SegmentMemory(block, dataBytes, null);
    if (part == SegmentKey.Part.SKETCH) {
      block.memory().fill((byte) 0); // it is stored, and the same rows must give the same bytes
    } else {
      memory.bitmap().fill((byte) 0);
    }
    return memory;
  }

  /** The fingerprints, the sketch or the values. */
  MemorySegment data() {
    return block.memory().asSlice(0, dataBytes);
  }

  /** Bit i of byte i/8 is 1 if row i is there and not NULL. */
  MemorySegment bitmap() {
    return block.memory().asSlice(dataBytes);
  }

  /** The bitmap, or null if no row is NULL. */
  @Nullable MemorySegment validity() {
    return hasNulls ? bitmap() : null;
  }

  /**
   * Says what was written, before others see it.
   *
   * @param nulls whether any row is NULL
   * @param rows the rows that are there, or null if all are
   */
  SegmentMemory complete(boolean nulls, @Nullable BitSet rows) {
    hasNulls = nulls;
    present = rows;
    return this;
  }

  /** Whether any row that is there is NULL. */
  boolean hasNulls() {
    return hasNulls;
  }

  /** The rows that are there, or null if all are. */
  @Nullable BitSet present() {
    return present;
  }

  /** Whether all the given rows are there; null stands for all rows. */
  boolean covers(@Nullable BitSet rows) {
    BitSet here = present;
    if (here == null || rows == covered && rows != null) {
      return true;
    }
    if (rows == null) {
      return false;
    }
    BitSet missing = (BitSet) rows.clone();
    missing.andNot(here);
    if (!missing.isEmpty()) {
      return false;
    }
    covered = rows;
    return true;
  }

  @Override
  public void close() {
    block.close();
    if (listed != null) {
      listed.close();
    }
  }
}
