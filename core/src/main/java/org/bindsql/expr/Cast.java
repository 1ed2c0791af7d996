package org.bindsql.expr;

import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * Conversion of a number to a wider type: of whole numbers to more bits or to floating point (which
 * rounds to nearest), of REAL to DOUBLE. Nothing overflows.
 */
public record Cast(VectorExpr operand, Field field) implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    Column column = operand.evaluate(batch, context);
    try {
      NullReader nulls = NullReader.of(column);
      FieldVector result = Vectors.allocate(field, batch, context);
      Setter setter = setter(column, result);
      Selection rows = batch.selection();
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.position(i);
        if (!nulls.isNull(row)) {
          setter.set(row);
        }
      }
      return new Column.VectorColumn(result, true);
    } finally {
      column.release();
    }
  }

  private interface Setter {
    void set(int row);
  }

  private static Setter setter(Column column, FieldVector result) {
    return switch (result) {
      case SmallIntVector v -> {
        LongReader longs = LongReader.of(column);
        yield row -> v.set(row, (short) longs.get(row));
      }
      case IntVector v -> {
        LongReader longs = LongReader.of(column);
        yield row -> v.set(row, (int) longs.get(row));
      }
      case BigIntVector v -> {
        LongReader longs = LongReader.of(column);
        yield row -> v.set(row, longs.get(row));
      }
      case Float4Vector v -> {
        DoubleReader doubles = DoubleReader.of(column, ValueKind.FLOAT);
        yield row -> v.set(row, (float) doubles.get(row));
      }
      case Float8Vector v -> {
        DoubleReader doubles = DoubleReader.of(column, ValueKind.DOUBLE);
        yield row -> v.set(row, doubles.get(row));
      }
      default -> throw new IllegalStateException(result.getField().toString());
    };
  }
}
