package org.bindsql.functions;

import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt2Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.bindsql.expr.Column;
import org.bindsql.expr.Column.ScalarColumn;
import org.bindsql.expr.Column.VectorColumn;
import org.jspecify.annotations.Nullable;

/** An argument that is not binary, per row, in Enumerable's runtime form. */
@FunctionalInterface
interface ValueColumn {
  /** The value, or null for NULL. */
  @Nullable Object get(int row);

  static ValueColumn of(Column column) {
    return switch (column) {
      case ScalarColumn(var value) -> row -> value;
      case VectorColumn(FieldVector vector, boolean owned) -> values(vector);
    };
  }

  private static ValueColumn values(FieldVector vector) {
    return switch (vector) {
      case UInt1Vector v -> row -> v.isNull(row) ? null : (Object) (v.get(row) & 0xFF);
      case UInt2Vector v -> row -> v.isNull(row) ? null : (Object) (int) v.get(row);
      case UInt4Vector v -> row -> v.isNull(row) ? null : (Object) (v.get(row) & 0xFFFFFFFFL);
      case UInt8Vector v -> v::getObjectNoOverflow;
      case TinyIntVector v -> row -> v.isNull(row) ? null : (Object) (int) v.get(row);
      case SmallIntVector v -> row -> v.isNull(row) ? null : (Object) (int) v.get(row);
      case IntVector v -> row -> v.isNull(row) ? null : (Object) v.get(row);
      case BigIntVector v -> row -> v.isNull(row) ? null : (Object) v.get(row);
      case Float4Vector v -> row -> v.isNull(row) ? null : (Object) v.get(row);
      case Float8Vector v -> row -> v.isNull(row) ? null : (Object) v.get(row);
      // Text, lists, decimals and half floats: getObject gives Text, List, BigDecimal, Float.
      default -> row -> halfToFloat(vector.getObject(row), vector);
    };
  }

  private static @Nullable Object halfToFloat(@Nullable Object value, FieldVector vector) {
    return value instanceof Short half && vector.getMinorType().name().equals("FLOAT2")
        ? (Object) Float.float16ToFloat(half)
        : value instanceof List<?> list ? List.copyOf(list) : value;
  }
}
