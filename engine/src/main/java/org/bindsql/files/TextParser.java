package org.bindsql.files;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
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
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.bindsql.type.CellWriter;

/**
 * Text as values of one vector, by the rules of CAST from VARCHAR.
 *
 * <p>Beyond them, times keep the digits that their type has, a timestamp may be written as in ISO
 * 8601 ({@code T} and {@code Z}), binary is hexadecimal, and arrays, rows and maps are JSON.
 */
@FunctionalInterface
interface TextParser {
  /**
   * Stores a field, which is not NULL.
   *
   * @throws RuntimeException if the text denotes no value of the vector's type
   */
  void set(int row, CsvRecord record, int field);

  static TextParser of(FieldVector vector) {
    return switch (vector) {
      case BitVector v -> (row, r, f) -> v.setSafe(row, truth(r.get(f)) ? 1 : 0);
      case TinyIntVector v ->
          (row, r, f) -> v.setSafe(row, (byte) whole(r, f, Byte.MIN_VALUE, Byte.MAX_VALUE));
      case SmallIntVector v ->
          (row, r, f) -> v.setSafe(row, (short) whole(r, f, Short.MIN_VALUE, Short.MAX_VALUE));
      case IntVector v ->
          (row, r, f) -> v.setSafe(row, (int) whole(r, f, Integer.MIN_VALUE, Integer.MAX_VALUE));
      case BigIntVector v ->
          (row, r, f) -> v.setSafe(row, whole(r, f, Long.MIN_VALUE, Long.MAX_VALUE));
      case UInt1Vector v -> (row, r, f) -> v.setSafe(row, (byte) whole(r, f, 0, 0xFF));
      case UInt2Vector v -> (row, r, f) -> v.setSafe(row, (char) whole(r, f, 0, 0xFFFF));
      case UInt4Vector v -> (row, r, f) -> v.setSafe(row, (int) whole(r, f, 0, 0xFFFF_FFFFL));
      case UInt8Vector v -> (row, r, f) -> v.setSafe(row, Long.parseUnsignedLong(r.get(f).strip()));
      case Float2Vector v ->
          (row, r, f) -> v.setSafeWithPossibleTruncate(row, Float.parseFloat(r.get(f).strip()));
      case Float4Vector v -> (row, r, f) -> v.setSafe(row, Float.parseFloat(r.get(f).strip()));
      case Float8Vector v -> (row, r, f) -> v.setSafe(row, Double.parseDouble(r.get(f).strip()));
      case DecimalVector v -> (row, r, f) -> v.setSafe(row, decimal(r.get(f), v));
      case Decimal256Vector v -> (row, r, f) -> v.setSafe(row, decimal(r.get(f), v));
      case VarCharVector v -> (row, r, f) -> v.setSafe(row, utf8(r.get(f)));
      case LargeVarCharVector v -> (row, r, f) -> v.setSafe(row, utf8(r.get(f)));
      case VarBinaryVector v -> (row, r, f) -> v.setSafe(row, bytes(r.get(f)));
      case LargeVarBinaryVector v -> (row, r, f) -> v.setSafe(row, bytes(r.get(f)));
      case FixedSizeBinaryVector v ->
          (row, r, f) -> v.setSafe(row, fixed(r.get(f), v.getByteWidth()));
      case DateDayVector v -> (row, r, f) -> v.setSafe(row, TimeText.date(r.get(f)));
      case DateMilliVector v ->
          (row, r, f) -> v.setSafe(row, TimeText.date(r.get(f)) * 86_400_000L);
      case TimeSecVector v ->
          (row, r, f) -> v.setSafe(row, (int) (TimeText.time(r.get(f)) / 1_000_000_000));
      case TimeMilliVector v ->
          (row, r, f) -> v.setSafe(row, (int) (TimeText.time(r.get(f)) / 1_000_000));
      case TimeMicroVector v -> (row, r, f) -> v.setSafe(row, TimeText.time(r.get(f)) / 1_000);
      case TimeNanoVector v -> (row, r, f) -> v.setSafe(row, TimeText.time(r.get(f)));
      case TimeStampVector v -> {
        var unit = ((ArrowType.Timestamp) v.getField().getType()).getUnit();
        yield (row, r, f) -> v.setSafe(row, TimeText.timestamp(r.get(f), unit));
      }
      default -> {
        CellWriter writer = CellWriter.of(vector);
        yield (row, r, f) -> writer.set(row, JsonText.parse(r.get(f), vector.getField()));
      }
    };
  }

  /** {@code true} or {@code false}, ignoring case. */
  static boolean truth(String text) {
    String word = text.strip();
    if (word.equalsIgnoreCase("true")) {
      return true;
    }
    if (word.equalsIgnoreCase("false")) {
      return false;
    }
    throw new IllegalArgumentException(text);
  }

  private static long whole(CsvRecord record, int field, long least, long greatest) {
    long value = record.shortNumber(field);
    if (value == Long.MIN_VALUE) {
      value = Long.parseLong(record.get(field).strip());
    }
    if (value < least || value > greatest) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }

  private static BigDecimal decimal(String text, FieldVector vector) {
    ArrowType.Decimal type = (ArrowType.Decimal) vector.getField().getType();
    BigDecimal given = new BigDecimal(text.strip());
    // A huge exponent must not be written out.
    if (given.signum() != 0 && given.precision() - (long) given.scale() > type.getPrecision()) {
      throw new IllegalArgumentException("out of range");
    }
    BigDecimal value =
        given.signum() == 0
            ? new BigDecimal(BigInteger.ZERO, type.getScale())
            : given.setScale(type.getScale(), RoundingMode.DOWN);
    if (value.precision() > type.getPrecision()) {
      throw new IllegalArgumentException("out of range");
    }
    return value;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Bytes of pairs of hexadecimal digits. */
  static byte[] bytes(String text) {
    return HexFormat.of().parseHex(text);
  }

  private static byte[] fixed(String text, int width) {
    byte[] bytes = bytes(text);
    if (bytes.length != width) {
      throw new IllegalArgumentException("length");
    }
    return bytes;
  }
}
