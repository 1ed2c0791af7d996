package org.bindsql.expr;

import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * Arithmetic of two numbers; NULL if either is.
 *
 * <p>Whole numbers wrap around on overflow, in the width of the result; floating-point division by
 * zero gives an infinity or NaN. Division and remainder of whole numbers need a divisor that is a
 * constant other than zero.
 *
 * @param kind LONG, FLOAT or DOUBLE
 * @param field INTEGER or BIGINT if kind is LONG, else REAL or DOUBLE
 */
public record Arithmetic(
    Operator operator, ValueKind kind, VectorExpr left, VectorExpr right, Field field)
    implements VectorExpr {
  /** Operators. */
  public enum Operator {
    PLUS,
    MINUS,
    TIMES,
    DIVIDE,
    REMAINDER
  }

  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    Column a = left.evaluate(batch, context);
    try {
      Column b = right.evaluate(batch, context);
      try {
        FieldVector result = Vectors.allocate(field, batch, context);
        compute(a, b, batch.selection(), result);
        return new Column.VectorColumn(result, true);
      } finally {
        b.release();
      }
    } finally {
      a.release();
    }
  }

  private void compute(Column a, Column b, Selection rows, FieldVector result) {
    NullReader nullA = NullReader.of(a);
    NullReader nullB = NullReader.of(b);
    LongReader longs =
        kind == ValueKind.LONG ? longs(LongReader.of(a), LongReader.of(b)) : row -> 0;
    DoubleReader doubles =
        kind == ValueKind.LONG
            ? row -> 0
            : doubles(DoubleReader.of(a, kind), DoubleReader.of(b, kind));
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (!nullA.isNull(row) && !nullB.isNull(row)) {
        switch (result) {
          case IntVector v -> v.set(row, (int) longs.get(row));
          case BigIntVector v -> v.set(row, longs.get(row));
          // Rounding a double result to float equals computing in float: a double has more than
          // twice the digits.
          case Float4Vector v -> v.set(row, (float) doubles.get(row));
          case Float8Vector v -> v.set(row, doubles.get(row));
          default -> throw new IllegalStateException(result.getField().toString());
        }
      }
    }
  }

  private LongReader longs(LongReader a, LongReader b) {
    return switch (operator) {
      case PLUS -> row -> a.get(row) + b.get(row);
      case MINUS -> row -> a.get(row) - b.get(row);
      case TIMES -> row -> a.get(row) * b.get(row);
      case DIVIDE -> row -> a.get(row) / b.get(row);
      case REMAINDER -> row -> a.get(row) % b.get(row);
    };
  }

  private DoubleReader doubles(DoubleReader a, DoubleReader b) {
    return switch (operator) {
      case PLUS -> row -> a.get(row) + b.get(row);
      case MINUS -> row -> a.get(row) - b.get(row);
      case TIMES -> row -> a.get(row) * b.get(row);
      case DIVIDE -> row -> a.get(row) / b.get(row);
      case REMAINDER -> throw new IllegalStateException("remainder of floating-point numbers");
    };
  }
}
