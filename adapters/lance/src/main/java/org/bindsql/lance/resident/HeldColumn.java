package org.bindsql.lance.resident;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * A narrow column that results show, whose values in some rows are claimed from the cache. Lance
 * takes a quarter of a millisecond and more for a few rows, which is longer than a small table is
 * searched.
 */
final class HeldColumn implements AutoCloseable {
  /** Greatest width in bytes: that of a decimal, or of a UUID. */
  private static final int MAX_WIDTH = 16;

  private final Field field;
  private final int width;
  private final ColumnLayout layout;
  private final int[] pieces;
  private final LeaseCache<SegmentKey, SegmentMemory>.Claim claim;

  /**
   * Creates a column.
   *
   * @param pieces the layout's pieces that are claimed, ascending
   * @param claim with all values there; belongs to the column from now on
   */
  HeldColumn(
      ColumnSource source,
      ColumnLayout layout,
      int[] pieces,
      LeaseCache<SegmentKey, SegmentMemory>.Claim claim) {
    this.field = source.field();
    this.width = source.width();
    this.layout = layout;
    this.pieces = pieces;
    this.claim = claim;
  }

  /** Whether the values of a column are narrow and all of one width. */
  static boolean canHold(Field field) {
    int width = width(field);
    return width > 0 && width <= MAX_WIDTH;
  }

  /** Bytes of each value as Arrow lays them out; -1 if they differ, or are no whole bytes. */
  static int width(Field field) {
    return switch (field.getType()) {
      case ArrowType.FixedSizeBinary binary -> binary.getByteWidth();
      case ArrowType.Int number -> number.getBitWidth() / Byte.SIZE;
      case ArrowType.Decimal number -> number.getBitWidth() / Byte.SIZE;
      case ArrowType.FloatingPoint number ->
          switch (number.getPrecision()) {
            case HALF -> Short.BYTES;
            case SINGLE -> Float.BYTES;
            case DOUBLE -> Double.BYTES;
          };
      case ArrowType.Date day -> day.getUnit() == DateUnit.DAY ? Integer.BYTES : Long.BYTES;
      case ArrowType.Time time -> time.getBitWidth() / Byte.SIZE;
      case ArrowType.Timestamp time -> Long.BYTES;
      default -> -1;
    };
  }

  /**
   * The values of some of the rows that were asked for; the caller closes the vector.
   *
   * @param from the first row, inclusive
   * @param to the last row, exclusive
   */
  FieldVector values(long[] rowKeys, int from, int to, BufferAllocator allocator) {
    BaseFixedWidthVector vector = (BaseFixedWidthVector) field.createVector(allocator);
    vector.allocateNew(to - from);
    MemorySegment target =
        MemorySegment.ofAddress(vector.getDataBuffer().memoryAddress())
            .reinterpret((long) (to - from) * width);
    for (int i = from; i < to; i++) {
      int at = layout.pieceOf(rowKeys[i]);
      ColumnLayout.Piece piece = layout.pieces().get(at);
      int row = piece.selection().position((int) (rowKeys[i] - piece.firstKey()));
      SegmentMemory values = claim.value(Arrays.binarySearch(pieces, at));
      if (isValid(values, row)) {
        MemorySegment.copy(
            values.data(), (long) row * width, target, (long) (i - from) * width, width);
        BitVectorHelper.setBit(vector.getValidityBuffer(), i - from);
      }
    }
    vector.setValueCount(to - from);
    return vector;
  }

  private static boolean isValid(SegmentMemory values, int row) {
    return !values.hasNulls()
        || (values.bitmap().get(ValueLayout.JAVA_BYTE, row >>> 3) >>> (row & 7) & 1) != 0;
  }

  @Override
  public void close() {
    claim.close();
  }
}
