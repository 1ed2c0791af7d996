package org.bindsql.expr;

import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.types.pojo.ArrowType;

/**
 * Whole numbers of a column: integers of any width, BOOLEAN as 0 and 1, DATE as days, TIMESTAMP as
 * milliseconds (finer units rounded down).
 */
@FunctionalInterface
interface LongReader {
  /** The value at a row that is not NULL. */
  long get(int row);

  static LongReader of(Column column) {
    return switch (column) {
      case Column.VectorColumn(FieldVector vector, boolean ignored) -> of(vector);
      case Column.ScalarColumn(Boolean value) -> constant(value ? 1 : 0);
      case Column.ScalarColumn(Number value) -> constant(value.longValue());
      case Column.ScalarColumn ignored -> constant(0); // NULL, never read
    };
  }

  private static LongReader constant(long value) {
    return row -> value;
  }

  static LongReader of(FieldVector vector) {
    return switch (vector) {
      case BitVector v -> v::get;
      case TinyIntVector v -> v::get;
      case SmallIntVector v -> v::get;
      case IntVector v -> v::get;
      case BigIntVector v -> v::get;
      case UInt1Vector v -> row -> v.get(row) & 0xFF;
      case UInt2Vector v -> v::get;
      case UInt4Vector v -> row -> v.get(row) & 0xFFFF_FFFFL;
      case DateDayVector v -> v::get;
      case DateMilliVector v -> row -> Math.floorDiv(v.get(row), 86_400_000L);
      case TimeStampVector v -> timestamps(v);
      case ExtensionTypeVector<?> v -> of((FieldVector) v.getUnderlyingVector());
      default -> throw new IllegalArgumentException("no whole numbers: " + vector.getField());
    };
  }

  private static LongReader timestamps(TimeStampVector vector) {
    return switch (((ArrowType.Timestamp) vector.getField().getType()).getUnit()) {
      case SECOND -> row -> vector.get(row) * 1000;
      case MILLISECOND -> vector::get;
      case MICROSECOND -> row -> Math.floorDiv(vector.get(row), 1000L);
      case NANOSECOND -> row -> Math.floorDiv(vector.get(row), 1_000_000L);
    };
  }
}
