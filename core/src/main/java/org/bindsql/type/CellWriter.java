package org.bindsql.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.NullVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TimeMicroVector;
import org.apache.arrow.vector.TimeMilliVector;
import org.apache.arrow.vector.TimeNanoVector;
import org.apache.arrow.vector.TimeSecVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.ViewVarBinaryVector;
import org.apache.arrow.vector.ViewVarCharVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Stores values in Enumerable's runtime form (see {@link CellReader}) into one vector, growing it.
 *
 * <p>Rows are written in ascending order. Numbers of any class are accepted where they fit, binary
 * also as byte[].
 */
@FunctionalInterface
public interface CellWriter {
  /** The greatest finite number of 16 bits. */
  float MAX_HALF_FLOAT = 65_504;

  /**
   * Stores a value, or NULL, at a row.
   *
   * @throws BindSqlException TYPE_MISMATCH if the value is of another kind, OUT_OF_RANGE if it does
   *     not fit, NULL_NOT_ALLOWED if it is NULL and the field is not nullable
   */
  void set(int row, @Nullable Object value);

  /**
   * A writer into the vector.
   *
   * @throws BindSqlException NOT_SUPPORTED if its type cannot be written
   */
  static CellWriter of(FieldVector vector) {
    CellWriter values = values(vector);
    String name = vector.getField().getName();
    return (row, value) -> {
      if (value != null) {
        try {
          values.set(row, value);
        } catch (ClassCastException e) {
          throw new BindSqlException(
              ErrorCode.TYPE_MISMATCH,
              "column %s: %s given, expected %s"
                  .formatted(name, value.getClass().getSimpleName(), vector.getField().getType()),
              e);
        }
      } else if (vector.getField().isNullable()) {
        vector.setNull(row);
      } else {
        throw new BindSqlException(
            ErrorCode.NULL_NOT_ALLOWED, "column " + name + " does not allow NULL");
      }
    };
  }

  /** Writes values that are not null. */
  private static CellWriter values(FieldVector vector) {
    return switch (vector) {
      case NullVector v ->
          (row, value) -> {
            throw outOfRange(v, value);
          };
      case BitVector v -> (row, value) -> v.setSafe(row, cast(Boolean.class, value) ? 1 : 0);
      case TinyIntVector v -> (row, value) -> v.setSafe(row, (byte) whole(v, value, -128, 127));
      case SmallIntVector v ->
          (row, value) -> v.setSafe(row, (short) whole(v, value, Short.MIN_VALUE, Short.MAX_VALUE));
      case IntVector v ->
          (row, value) ->
              v.setSafe(row, (int) whole(v, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case BigIntVector v ->
          (row, value) -> v.setSafe(row, whole(v, value, Long.MIN_VALUE, Long.MAX_VALUE));
      case UInt1Vector v -> (row, value) -> v.setSafe(row, (byte) whole(v, value, 0, 0xFF));
      case UInt2Vector v -> (row, value) -> v.setSafe(row, (char) whole(v, value, 0, 0xFFFF));
      case UInt4Vector v -> (row, value) -> v.setSafe(row, (int) whole(v, value, 0, 0xFFFF_FFFFL));
      case UInt8Vector v -> (row, value) -> v.setSafe(row, unsigned(v, value));
      case Float2Vector v ->
          (row, value) -> v.setSafeWithPossibleTruncate(row, real(v, value, MAX_HALF_FLOAT));
      case Float4Vector v -> (row, value) -> v.setSafe(row, real(v, value, Float.MAX_VALUE));
      case Float8Vector v -> (row, value) -> v.setSafe(row, number(value).doubleValue());
      case DecimalVector v -> (row, value) -> v.setSafe(row, decimal(v, value, v.getScale()));
      case Decimal256Vector v -> (row, value) -> v.setSafe(row, decimal(v, value, v.getScale()));
      case VarCharVector v -> (row, value) -> v.setSafe(row, utf8(value));
      case LargeVarCharVector v -> (row, value) -> v.setSafe(row, utf8(value));
      case ViewVarCharVector v -> (row, value) -> v.setSafe(row, utf8(value));
      case VarBinaryVector v -> (row, value) -> v.setSafe(row, bytes(value));
      case LargeVarBinaryVector v -> (row, value) -> v.setSafe(row, bytes(value));
      case ViewVarBinaryVector v -> (row, value) -> v.setSafe(row, bytes(value));
      case FixedSizeBinaryVector v -> (row, value) -> v.setSafe(row, fixed(v, value));
      case DateDayVector v -> (row, value) -> v.setSafe(row, number(value).intValue());
      case DateMilliVector v ->
          (row, value) -> v.setSafe(row, number(value).longValue() * 86_400_000L);
      case TimeSecVector v -> (row, value) -> v.setSafe(row, number(value).intValue() / 1000);
      case TimeMilliVector v -> (row, value) -> v.setSafe(row, number(value).intValue());
      case TimeMicroVector v -> (row, value) -> v.setSafe(row, number(value).longValue() * 1000);
      case TimeNanoVector v ->
          (row, value) -> v.setSafe(row, number(value).longValue() * 1_000_000);
      case TimeStampVector v -> timestamps(v);
      case MapVector v -> maps(v);
      case ListVector v -> lists(v);
      case LargeListVector v -> largeLists(v);
      case FixedSizeListVector v -> fixedLists(v);
      case StructVector v -> structs(v);
      default ->
          throw new BindSqlException(
              ErrorCode.NOT_SUPPORTED,
              "column %s of Arrow type %s cannot be written"
                  .formatted(vector.getField().getName(), vector.getField().getType()));
    };
  }

  private static <T> T cast(Class<T> type, @Nullable Object value) {
    return Objects.requireNonNull(type.cast(value));
  }

  private static Number number(@Nullable Object value) {
    return cast(Number.class, value);
  }

  /** The value in single precision; infinite only if it was given so. */
  private static float real(FieldVector vector, @Nullable Object value, float greatest) {
    float real = number(value).floatValue();
    if (Math.abs(real) > greatest && !Double.isInfinite(number(value).doubleValue())) {
      throw outOfRange(vector, value);
    }
    return real;
  }

  private static byte[] utf8(@Nullable Object value) {
    return cast(String.class, value).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(@Nullable Object value) {
    return value instanceof byte[] bytes ? bytes : cast(ByteString.class, value).getBytes();
  }

  private static byte[] fixed(FixedSizeBinaryVector vector, @Nullable Object value) {
    byte[] bytes = bytes(value);
    if (bytes.length != vector.getByteWidth()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "column %s: %d bytes given, expected %d"
              .formatted(vector.getField().getName(), bytes.length, vector.getByteWidth()));
    }
    return bytes;
  }

  private static long whole(FieldVector vector, @Nullable Object value, long least, long greatest) {
    long whole;
    if (value instanceof BigDecimal decimal) {
      BigInteger truncated = decimal.toBigInteger();
      if (truncated.bitLength() > 63) {
        throw outOfRange(vector, value);
      }
      whole = truncated.longValue();
    } else {
      whole = number(value).longValue();
    }
    if (whole < least || whole > greatest) {
      throw outOfRange(vector, value);
    }
    return whole;
  }

  private static long unsigned(UInt8Vector vector, @Nullable Object value) {
    BigInteger whole =
        value instanceof BigDecimal decimal
            ? decimal.toBigInteger()
            : BigInteger.valueOf(number(value).longValue());
    if (whole.signum() < 0 || whole.bitLength() > 64) {
      throw outOfRange(vector, value);
    }
    return whole.longValue();
  }

  private static BigDecimal decimal(FieldVector vector, @Nullable Object value, int scale) {
    BigDecimal decimal =
        value instanceof BigDecimal exact ? exact : new BigDecimal(number(value).toString());
    BigDecimal scaled = decimal.setScale(scale, RoundingMode.HALF_UP);
    ArrowType.Decimal type = (ArrowType.Decimal) vector.getField().getType();
    if (scaled.precision() > type.getPrecision()) {
      throw outOfRange(vector, value);
    }
    return scaled;
  }

  private static BindSqlException outOfRange(FieldVector vector, @Nullable Object value) {
    return new BindSqlException(
        ErrorCode.OUT_OF_RANGE,
        "column %s: %s does not fit %s"
            .formatted(vector.getField().getName(), value, vector.getField().getType()));
  }

  private static CellWriter timestamps(TimeStampVector vector) {
    return switch (((ArrowType.Timestamp) vector.getField().getType()).getUnit()) {
      case SECOND ->
          (row, value) -> vector.setSafe(row, Math.floorDiv(number(value).longValue(), 1000L));
      case MILLISECOND -> (row, value) -> vector.setSafe(row, number(value).longValue());
      case MICROSECOND ->
          (row, value) -> vector.setSafe(row, Math.multiplyExact(number(value).longValue(), 1000L));
      case NANOSECOND ->
          (row, value) ->
              vector.setSafe(row, Math.multiplyExact(number(value).longValue(), 1_000_000L));
    };
  }

  private static CellWriter lists(ListVector vector) {
    CellWriter elements = of(vector.getDataVector());
    return (row, value) -> {
      List<?> list = cast(List.class, value);
      int from = vector.startNewValue(row);
      for (int i = 0; i < list.size(); i++) {
        elements.set(from + i, list.get(i));
      }
      vector.endValue(row, list.size());
    };
  }

  private static CellWriter largeLists(LargeListVector vector) {
    CellWriter elements = of(vector.getDataVector());
    return (row, value) -> {
      List<?> list = cast(List.class, value);
      long from = vector.startNewValue(row);
      for (int i = 0; i < list.size(); i++) {
        elements.set((int) from + i, list.get(i));
      }
      vector.endValue(row, list.size());
    };
  }

  private static CellWriter fixedLists(FixedSizeListVector vector) {
    CellWriter elements = of(vector.getDataVector());
    int size = vector.getListSize();
    return (row, value) -> {
      List<?> list = cast(List.class, value);
      if (list.size() != size) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "column %s: %d elements given, expected %d"
                .formatted(vector.getField().getName(), list.size(), size));
      }
      int from = vector.startNewValue(row);
      for (int i = 0; i < size; i++) {
        elements.set(from + i, list.get(i));
      }
    };
  }

  private static CellWriter maps(MapVector vector) {
    StructVector entries = (StructVector) vector.getDataVector();
    CellWriter keys = of(entries.getChildrenFromFields().get(0));
    CellWriter values = of(entries.getChildrenFromFields().get(1));
    return (row, value) -> {
      Map<?, ?> map = cast(Map.class, value);
      int position = vector.startNewValue(row);
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entries.setIndexDefined(position);
        keys.set(position, entry.getKey());
        values.set(position, entry.getValue());
        position++;
      }
      vector.endValue(row, map.size());
    };
  }

  private static CellWriter structs(StructVector vector) {
    List<CellWriter> writers = new ArrayList<>();
    for (FieldVector child : vector.getChildrenFromFields()) {
      writers.add(of(child));
    }
    return (row, value) -> {
      List<?> fields =
          value instanceof Object[] array ? Arrays.asList(array) : cast(List.class, value);
      if (fields.size() != writers.size()) {
        throw new BindSqlException(
            ErrorCode.TYPE_MISMATCH,
            "column %s: %d fields given, expected %d"
                .formatted(vector.getField().getName(), fields.size(), writers.size()));
      }
      vector.setIndexDefined(row);
      for (int i = 0; i < fields.size(); i++) {
        writers.get(i).set(row, fields.get(i));
      }
    };
  }
}
