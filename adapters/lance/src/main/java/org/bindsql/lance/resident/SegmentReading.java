package org.bindsql.lance.resident;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.BiConsumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.Segment;
import org.bindsql.cascade.Sketch;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;

/** One pass over the column's values in a segment, from which its parts are made. */
final class SegmentReading {
  private final ColumnSource source;
  private final ColumnLayout.Piece piece;
  private final @Nullable SegmentMemory codes;
  private final @Nullable SegmentMemory sketch;
  private final Segment target;
  private int done;
  private boolean nulls;

  private SegmentReading(
      ColumnSource source,
      ColumnLayout.Piece piece,
      @Nullable SegmentMemory codes,
      @Nullable SegmentMemory sketch) {
    this.source = source;
    this.piece = piece;
    this.codes = codes;
    this.sketch = sketch;
    int width = source.width();
    this.target =
        new Segment(
            piece.rows(),
            width,
            codes == null ? null : Codes.sliced(codes.data(), width, piece.rows()),
            sketch == null ? null : new Sketch(sketch.data(), width, piece.rows()),
            null);
  }

  /**
   * Reads a segment's live rows.
   *
   * @param wantsCodes whether the fingerprints are to be made
   * @param wantsSketch whether the sketch is to be made
   * @param counter counts their memory
   * @param made receives them; what it has received belongs to it
   */
  static void run(
      ColumnSource source,
      ColumnLayout.Piece piece,
      boolean wantsCodes,
      boolean wantsSketch,
      BufferAllocator counter,
      BiConsumer<SegmentKey, SegmentMemory> made) {
    SegmentMemory codes = null;
    SegmentMemory sketch = null;
    boolean handedOn = false;
    try {
      if (wantsCodes) {
        codes =
            SegmentMemory.allocate(counter, SegmentKey.Part.CODES, source.width(), piece.rows());
      }
      if (wantsSketch) {
        sketch =
            SegmentMemory.allocate(counter, SegmentKey.Part.SKETCH, source.width(), piece.rows());
      }
      new SegmentReading(source, piece, codes, sketch).read();
      handedOn = true;
    } finally {
      if (!handedOn) {
        close(codes);
        close(sketch);
      }
    }
    if (codes != null) {
      made.accept(piece.codes(), codes);
    }
    if (sketch != null) {
      made.accept(piece.sketch(), sketch);
    }
  }

  private static void close(@Nullable SegmentMemory memory) {
    if (memory != null) {
      memory.close();
    }
  }

  private void read() {
    int rows = piece.selection().count();
    try (LanceScan scan = source.scan(piece.fragment(), piece.firstLive(), rows)) {
      for (Batch batch = scan.next(); batch != null; batch = scan.next()) {
        if (batch.rowCount() > rows - done) {
          throw rowsDiffer(done + (long) batch.rowCount());
        }
        write((FixedSizeBinaryVector) batch.column(0), batch.rowCount());
      }
    }
    if (done != rows) {
      throw rowsDiffer(done);
    }
    if (codes != null) {
      codes.complete(nulls, piece.live());
    }
    if (sketch != null) {
      sketch.complete(nulls, piece.live());
    }
  }

  private void write(FixedSizeBinaryVector values, int rows) {
    long bytes = (long) rows * values.getByteWidth();
    MemorySegment data =
        MemorySegment.ofAddress(values.getDataBuffer().memoryAddress()).reinterpret(bytes);
    if (piece.live() == null) {
      target.write(done, rows, data, 0);
    } else {
      for (int i = 0; i < rows; i++) {
        target.write(piece.selection().position(done + i), data, (long) i * values.getByteWidth());
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

  private void setValid(int row) {
    if (codes != null) {
      set(codes.bitmap(), row);
    }
    if (sketch != null) {
      set(sketch.bitmap(), row);
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
