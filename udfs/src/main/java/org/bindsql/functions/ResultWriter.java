package org.bindsql.functions;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Writes results into a vector of any type a function may return. */
@FunctionalInterface
interface ResultWriter {
  void set(int row, Object value);

  static ResultWriter of(String function, FieldVector result) {
    return switch (result) {
      case IntVector v -> (row, value) -> v.set(row, ((Number) value).intValue());
      case SmallIntVector v -> (row, value) -> v.set(row, ((Number) value).shortValue());
      case BigIntVector v -> (row, value) -> v.set(row, ((Number) value).longValue());
      case Float4Vector v -> (row, value) -> v.set(row, ((Number) value).floatValue());
      case Float8Vector v -> (row, value) -> v.set(row, ((Number) value).doubleValue());
      case BitVector v -> (row, value) -> v.set(row, (Boolean) value ? 1 : 0);
      case VarCharVector v ->
          (row, value) -> v.setSafe(row, ((String) value).getBytes(StandardCharsets.UTF_8));
      case VarBinaryVector v -> (row, value) -> v.setSafe(row, (byte[]) value);
      case LargeVarBinaryVector v -> (row, value) -> v.setSafe(row, (byte[]) value);
      case FixedSizeBinaryVector v -> (row, value) -> v.set(row, (byte[]) value);
      default ->
          throw new BindSqlException(
              ErrorCode.INTERNAL,
              "%s: no batch result of type %s".formatted(function, result.getMinorType()));
    };
  }
}
