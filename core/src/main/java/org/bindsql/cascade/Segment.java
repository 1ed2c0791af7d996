package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints of up to 65,536 consecutive rows and what helps to search them, off-heap. A row's
 * place in the segment is its position: its number, counted from the first of the rows, unless the
 * rows are held in the order of {@link Lists}.
 *
 * <p>The memory is the caller's: a segment refers to it and frees nothing. Whoever fills a segment
 * calls {@link #write} for every row before others see it. Rows are independent: writing one
 * touches no byte of another, so rows that nobody reads can be written beside readers of others.
 *
 * @param rows number of rows
 * @param width bytes per fingerprint
 * @param codes the fingerprints, or null if only the sketch is held and they must be fetched
 * @param sketch sampled bits, or null for fingerprints too short for one
 * @param validity Arrow validity bitmap of the fingerprints (bit i of byte i/8 is 1 if that at
 *     position i is not NULL), or null if none is NULL
 * @param lists the order in which the rows are held, only with codes; null for that of the rows
 */
public record Segment(
    int rows,
    int width,
    @Nullable Codes codes,
    @Nullable Sketch sketch,
    @Nullable MemorySegment validity,
    @Nullable Lists lists) {
  /** Greatest number of rows. */
  public static final int MAX_ROWS = 65_536;

  /** Alignment of the memory in bytes: a cache line. */
  public static final long ALIGNMENT = 64;

  public Segment {
    if (rows < 0 || rows > MAX_ROWS || width < 1) {
      throw new IllegalArgumentException(rows + " rows of " + width + " bytes");
    }
    if (lists != null && (codes == null || lists.rows() != rows)) {
      throw new IllegalArgumentException("lists of other rows, or without fingerprints");
    }
  }

  /** A segment whose rows are held in their own order. */
  public Segment(
      int rows,
      int width,
      @Nullable Codes codes,
      @Nullable Sketch sketch,
      @Nullable MemorySegment validity) {
    this(rows, width, codes, sketch, validity, null);
  }

  /** A segment without NULLs whose rows are yet to be written. */
  public static Segment allocate(int rows, int width, SegmentAllocator memory) {
    MemorySegment codes = memory.allocate(Codes.slicedBytes(width, rows), ALIGNMENT);
    long sketchBytes = Sketch.bytes(width, rows);
    return new Segment(
        rows,
        width,
        Codes.sliced(codes, width, rows),
        sketchBytes == 0 ? null : new Sketch(memory.allocate(sketchBytes, ALIGNMENT), width, rows),
        null);
  }

  /** The same with NULLs. */
  public Segment withValidity(@Nullable MemorySegment bitmap) {
    return new Segment(rows, width, codes, sketch, bitmap, lists);
  }

  /** The same rows, which are in the order of the lists. */
  Segment withLists(Lists order) {
    return new Segment(rows, width, codes, sketch, validity, order);
  }

  /**
   * The same, not in the order of lists, without the fingerprints, which must be fetched to compute
   * distances.
   */
  public Segment withoutCodes() {
    return new Segment(rows, width, null, sketch, validity, lists);
  }

  /** Number of the row at a position. */
  public int row(int position) {
    return lists == null ? position : lists.row(position);
  }

  /** Writes a row: the {@code width} bytes of {@code source} from {@code at} on. */
  public void write(int row, MemorySegment source, long at) {
    if (codes != null) {
      codes.write(row, source, at);
    }
    if (sketch != null) {
      sketch.write(row, source, at);
    }
  }

  /** Writes rows {@code first} to {@code first + count - 1} from row-major memory. */
  public void write(int first, int count, MemorySegment source, long at) {
    for (int i = 0; i < count; i++) {
      write(first + i, source, at + (long) i * width);
    }
  }

  /** Bytes that the fingerprints and the sketch take. */
  public long bytes() {
    return (codes == null ? 0 : codes.memory().byteSize())
        + (sketch == null ? 0 : sketch.memory().byteSize());
  }
}
