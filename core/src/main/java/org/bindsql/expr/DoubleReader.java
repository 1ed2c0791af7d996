package org.bindsql.expr;

import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float2Vector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;

/** Numbers of a column as doubles, whole numbers included. */
@FunctionalInterface
interface DoubleReader {
  /** The value at a row that is not NULL. */
  double get(int row);

  /** Numbers, rounded to single precision first if {@code kind} is FLOAT. */
  static DoubleReader of(Column column, ValueKind kind) {
    DoubleReader exact =
        switch (column) {
          case Column.VectorColumn(FieldVector vector, boolean ignored) -> of(vector, kind);
          case Column.ScalarColumn(Long value) -> constant(ofLong(value, kind));
          case Column.ScalarColumn(Number value) -> constant(value.doubleValue());
          case Column.ScalarColumn ignored -> constant(0); // NULL, never read
        };
    return kind == ValueKind.FLOAT ? row -> (float) exact.get(row) : exact;
  }

  private static DoubleReader of(FieldVector vector, ValueKind kind) {
    return switch (vector) {
      case Float2Vector v -> v::getValueAsFloat;
      case Float4Vector v -> v::get;
      case Float8Vector v -> v::get;
      case ExtensionTypeVector<?> v -> of((FieldVector) v.getUnderlyingVector(), kind);
      default -> {
        LongReader values = LongReader.of(vector);
        yield row -> ofLong(values.get(row), kind);
      }
    };
  }

  /** A long rounds to float directly, not by way of double. */
  private static double ofLong(long value, ValueKind kind) {
    if (kind == ValueKind.FLOAT) {
      return (float) value;
    }
    return (double) value;
  }

  private static DoubleReader constant(double value) {
    return row -> value;
  }
}
