package org.bindsql.type;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.DateMilliVector;
import org.apache.arrow.vector.Decimal256Vector;
import org.apache.arrow.vector.DecimalVector;
import org.apache.arrow.vector.ExtensionTypeVector;
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
import org.apache.arrow.vector.complex.LargeListViewVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.ListViewVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * Values of one vector in Enumerable's runtime form.
 *
 * <p>Integers have the Java class of their SQL type (TINYINT Byte, SMALLINT Short, ...), DATE is
 * Integer days, TIME Integer milliseconds, TIMESTAMP Long milliseconds (finer units are rounded
 * down), VARCHAR String, BINARY and VARBINARY ByteString, DECIMAL BigDecimal, ARRAY List, ROW
 * Object[], MAP Map.
 */
@FunctionalInterface
public interface CellReader {
  /** The value at a row; null for SQL NULL. */
  @Nullable Object get(int row);

  /**
   * A reader of the vector as it is now; make a new one when the vector is refilled.
   *
   * @throws org.bindsql.error.BindSqlException NOT_SUPPORTED if its type has no SQL counterpart
   */
  static CellReader of(FieldVector vector) {
    CellReader values = values(vector);
    return vector.getField().isNullable() || vector.getNullCount() > 0
        ? row -> vector.isNull(row) ? null : values.get(row)
        : values;
  }

  /** Reads values that are not NULL. */
  private static CellReader values(FieldVector vector) {
    return switch (vector) {
      case NullVector ignored -> row -> null;
      case BitVector v -> row -> v.get(row) != 0;
      case TinyIntVector v -> v::get;
      case SmallIntVector v -> v::get;
      case IntVector v -> v::get;
      case BigIntVector v -> v::get;
      case UInt1Vector v -> row -> (short) (v.get(row) & 0xFF);
      case UInt2Vector v -> row -> (int) v.get(row);
      case UInt4Vector v -> row -> v.get(row) & 0xFFFF_FFFFL;
      case UInt8Vector v -> row -> unsigned(v.get(row));
      case Float2Vector v -> v::getValueAsFloat;
      case Float4Vector v -> v::get;
      case Float8Vector v -> v::get;
      case DecimalVector v -> v::getObject;
      case Decimal256Vector v -> v::getObject;
      case VarCharVector v -> row -> string(v.get(row));
      case LargeVarCharVector v -> row -> string(v.get(row));
      case ViewVarCharVector v -> row -> string(v.get(row));
      case VarBinaryVector v -> row -> new ByteString(v.get(row));
      case LargeVarBinaryVector v -> row -> new ByteString(v.get(row));
      case ViewVarBinaryVector v -> row -> new ByteString(v.get(row));
      case FixedSizeBinaryVector v -> row -> new ByteString(v.get(row));
      case DateDayVector v -> v::get;
      case DateMilliVector v -> row -> (int) Math.floorDiv(v.get(row), 86_400_000L);
      case TimeSecVector v -> row -> v.get(row) * 1000;
      case TimeMilliVector v -> v::get;
      case TimeMicroVector v -> row -> (int) (v.get(row) / 1000);
      case TimeNanoVector v -> row -> (int) (v.get(row) / 1_000_000);
      case TimeStampVector v -> timestamps(v);
      case MapVector v -> maps(v);
      case ListVector v -> lists(v, v::getElementStartIndex, v::getElementEndIndex);
      case LargeListVector v -> lists(v, v::getElementStartIndex, v::getElementEndIndex);
      case FixedSizeListVector v -> lists(v, v::getElementStartIndex, v::getElementEndIndex);
      case ListViewVector v -> lists(v, v::getElementStartIndex, v::getElementEndIndex);
      case LargeListViewVector v ->
          lists(
              v,
              row -> v.getOffsetBuffer().getLong(8L * row),
              row -> v.getOffsetBuffer().getLong(8L * row) + v.getSizeBuffer().getLong(8L * row));
      case StructVector v -> structs(v);
      case ExtensionTypeVector<?> v -> values((FieldVector) v.getUnderlyingVector());
      default -> throw ArrowTypes.notReadable(vector.getField());
    };
  }

  private static String string(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static BigDecimal unsigned(long value) {
    return new BigDecimal(
        value >= 0 ? BigInteger.valueOf(value) : new BigInteger(Long.toUnsignedString(value)));
  }

  private static CellReader timestamps(TimeStampVector vector) {
    TimeUnit unit = ((ArrowType.Timestamp) vector.getField().getType()).getUnit();
    return switch (unit) {
      case SECOND -> row -> vector.get(row) * 1000;
      case MILLISECOND -> vector::get;
      case MICROSECOND -> row -> Math.floorDiv(vector.get(row), 1000L);
      case NANOSECOND -> row -> Math.floorDiv(vector.get(row), 1_000_000L);
    };
  }

  /** Element positions of a row's list. */
  interface Bounds {
    long at(int row);
  }

  private static CellReader lists(FieldVector vector, Bounds start, Bounds end) {
    CellReader reader = of(vector.getChildrenFromFields().getFirst());
    return row -> {
      int from = (int) start.at(row);
      int to = (int) end.at(row);
      List<@Nullable Object> list = new ArrayList<>(to - from);
      for (int i = from; i < to; i++) {
        list.add(reader.get(i));
      }
      return list;
    };
  }

  private static CellReader structs(StructVector vector) {
    List<CellReader> readers = new ArrayList<>();
    for (FieldVector child : vector.getChildrenFromFields()) {
      readers.add(of(child));
    }
    return row -> {
      @Nullable Object[] values = new Object[readers.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = readers.get(i).get(row);
      }
      return values;
    };
  }

  private static CellReader maps(MapVector vector) {
    StructVector entries = (StructVector) vector.getDataVector();
    List<FieldVector> pair = entries.getChildrenFromFields();
    CellReader keys = of(pair.get(0));
    CellReader values = of(pair.get(1));
    return row -> {
      Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
      for (int i = vector.getElementStartIndex(row); i < vector.getElementEndIndex(row); i++) {
        map.put(keys.get(i), values.get(i));
      }
      return map;
    };
  }
}
