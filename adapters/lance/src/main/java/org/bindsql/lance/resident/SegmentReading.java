package org.bindsql.lance.resident;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.Segment;
import org.bindsql.cascade.Sketch;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.resident.SegmentKey.Part;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;

/** One pass over the column's values in a segment, from which its parts are made. */
final class SegmentReading {
  private final ColumnSource source;
  private final ColumnLayout.Piece piece;
  private final Map<Part, SegmentMemory> parts;
  private final int width;

  /** The segment of a fingerprint column, or null if only values are wanted. */
  private final @Nullable Segment segment;

  private int done;
  private boolean nulls;

  private SegmentReading(
      ColumnSource source, ColumnLayout.Piece piece, Map<Part, SegmentMemory> parts) {
    this.source = source;
    this.piece = piece;
    this.parts = parts;
    this.width = source.width();
    SegmentMemory codes = parts.get(Part.CODES);
    SegmentMemory sketch = parts.get(Part.SKETCH);
    this.segment =
        codes == null && sketch == null
            ? null
            : new Segment(
                piece.rows(),
                width,
                codes == null ? null : Codes.sliced(codes.data(), width, piece.rows()),
                sketch == null ? null : new Sketch(sketch.data(), width, piece.rows()),
                null);
  }

  /**
   * Reads a segment's live rows.
   *
   * @param wanted the parts to be made, at least one
   * @param counter counts their memory
   * @param made receives them; what it has received belongs to it
   */
  static void run(
      ColumnSource source,
      ColumnLayout.Piece piece,
      Set<Part> wanted,
      BufferAllocator counter,
      BiConsumer<SegmentKey, SegmentMemory> made) {
    Map<Part, SegmentMemory> parts = new EnumMap<>(Part.class);
    boolean handedOn = false;
    try {
      for (Part part : wanted) {
        parts.put(part, SegmentMemory.allocate(counter, part, source.width(), piece.rows()));
      }
      new SegmentReading(source, piece, parts).read();
      handedOn = true;
    } finally {
      if (!handedOn) {
        parts.values().forEach(SegmentMemory::close);
      }
    }
    parts.forEach((part, memory) -> made.accept(piece.key(part), memory));
  }

  private void read() {
    int rows = piece.selection().count();
    try (LanceScan scan = source.scan(piece.fragment(), piece.firstLive(), rows)) {
      for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
        if (batch.rowCount() > rows - done) {
          throw rowsDiffer(done + (long) batch.rowCount());
        }
        write((BaseFixedWidthVector) batch.column(0), batch.rowCount());
      }
    }
    if (done != rows) {
      throw rowsDiffer(done);
    }
    parts.values().forEach(part -> part.complete(nulls, piece.live()));
  }

  private void write(BaseFixedWidthVector values, int rows) {
    if (values.getTypeWidth() != width) {
      throw new IllegalStateException(
          "%s: values of %d bytes, not %d".formatted(source.doing(), values.getTypeWidth(), width));
    }
    MemorySegment data =
        MemorySegment.ofAddress(values.getDataBuffer().memoryAddress())
            .reinterpret((long) rows * width);
    if (piece.live() == null) {
      write(done, rows, data, 0);
    } else {
      for (int i = 0; i < rows; i++) {
        write(piece.selection().position(done + i), 1, data, (long) i * width);
      }
    }
    boolean anyNull = values.getNullCount() > 0;
    nulls |= anyNull;
    for (int i = 0; i < rows; i++) {
      if (!anyNull || !values.isNull(i)) {
        setValid(piece.selection().position(done + i));
      }
    }
    done += rows;
  }

  private void write(int row, int rows, MemorySegment data, long offset) {
    if (segment != null) {
      segment.write(row, rows, data, offset);
    }
    SegmentMemory values = parts.get(Part.VALUES);
    if (values != null) {
      MemorySegment.copy(data, offset, values.data(), (long) row * width, (long) rows * width);
    }
  }

  private void setValid(int row) {
    for (SegmentMemory part : parts.values()) {
      set(part.bitmap(), row);
    }
  }

  private static void set(MemorySegment bitmap, int bit) {
    byte bits = bitmap.get(ValueLayout.JAVA_BYTE, bit >>> 3);
    bitmap.set(ValueLayout.JAVA_BYTE, bit >>> 3, (byte) (bits | 1 << (bit & 7)));
  }

  private BindSqlException rowsDiffer(long found) {
    return new BindSqlException(
        ErrorCode.DATA_CORRUPTED,
        "%s: fragment %d has %d rows where %d were expected"
            .formatted(source.doing(), piece.fragment(), found, piece.selection().count()));
  }
}
