package org.bindsql.expr;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.jspecify.annotations.Nullable;

/**
 * Writer of values, in the form of {@link Column.ScalarColumn}, into a vector of one of the types
 * that expressions result in; grows the vector. Rows are written in ascending order.
 */
@FunctionalInterface
public interface ValueWriter {
  /** Stores a value, or NULL, at a row. */
  void set(int row, @Nullable Object value);

  /** A writer into the vector. */
  static ValueWriter of(FieldVector vector) {
    ValueWriter values = values(vector);
    return (row, value) -> {
      if (value == null) {
        vector.setNull(row);
      } else {
        values.set(row, value);
      }
    };
  }

  private static ValueWriter values(FieldVector vector) {
    return switch (vector) {
      case BitVector v -> (row, value) -> v.setSafe(row, bit(value));
      case TinyIntVector v -> (row, value) -> v.setSafe(row, number(value).byteValue());
      case SmallIntVector v -> (row, value) -> v.setSafe(row, number(value).shortValue());
      case IntVector v -> (row, value) -> v.setSafe(row, number(value).intValue());
      case BigIntVector v -> (row, value) -> v.setSafe(row, number(value).longValue());
      case Float4Vector v -> (row, value) -> v.setSafe(row, number(value).floatValue());
      case Float8Vector v -> (row, value) -> v.setSafe(row, number(value).doubleValue());
      case DateDayVector v -> (row, value) -> v.setSafe(row, number(value).intValue());
      case TimeStampVector v -> timestamps(v);
      case VarCharVector v -> (row, value) -> v.setSafe(row, bytes(value));
      case VarBinaryVector v -> (row, value) -> v.setSafe(row, bytes(value));
      case FixedSizeBinaryVector v -> (row, value) -> v.setSafe(row, bytes(value));
      default -> throw new IllegalArgumentException("no result: " + vector.getField());
    };
  }

  private static Number number(@Nullable Object value) {
    return value instanceof Number number ? number : 0;
  }

  private static int bit(@Nullable Object value) {
    return Boolean.TRUE.equals(value) || (value instanceof Number n && n.longValue() == 1) ? 1 : 0;
  }

  private static byte[] bytes(@Nullable Object value) {
    return switch (value) {
      case String text -> text.getBytes(StandardCharsets.UTF_8);
      case byte[] bytes -> bytes;
      case null, default -> throw new IllegalArgumentException("no bytes: " + value);
    };
  }

  private static ValueWriter timestamps(TimeStampVector vector) {
    return switch (((ArrowType.Timestamp) vector.getField().getType()).getUnit()) {
      case SECOND ->
          (row, value) -> vector.setSafe(row, Math.floorDiv(number(value).longValue(), 1000L));
      case MILLISECOND -> (row, value) -> vector.setSafe(row, number(value).longValue());
      case MICROSECOND -> (row, value) -> vector.setSafe(row, number(value).longValue() * 1000);
      case NANOSECOND -> (row, value) -> vector.setSafe(row, number(value).longValue() * 1_000_000);
    };
  }
}
