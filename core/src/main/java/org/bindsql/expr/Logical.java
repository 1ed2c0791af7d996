package org.bindsql.expr;

import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * AND or OR of conditions, in three-valued logic.
 *
 * <p>An operand is evaluated only at the rows that the operands before it left undecided.
 *
 * @param and AND if true, else OR
 */
public record Logical(boolean and, List<VectorExpr> operands, Field field) implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    int decisive = and ? 0 : 1;
    BitVector result = Vectors.bits(field, batch, context);
    try {
      Selection rows = batch.selection();
      for (int i = 0; i < rows.count(); i++) {
        result.set(rows.position(i), 1 - decisive);
      }
      for (VectorExpr operand : operands) {
        if (!rows.isEmpty()) {
          rows = apply(operand, batch.withSelection(rows), decisive, result, context);
        }
      }
    } catch (Throwable e) {
      result.close();
      throw e;
    }
    return new Column.VectorColumn(result, true);
  }

  /** Enters an operand into the result; returns the rows that remain undecided. */
  private static Selection apply(
      VectorExpr operand, Batch batch, int decisive, BitVector result, ExecutionContext context) {
    Column column = operand.evaluate(batch, context);
    try {
      NullReader nulls = NullReader.of(column);
      LongReader values = LongReader.of(column);
      return Rows.where(
          batch.selection(),
          row -> {
            if (nulls.isNull(row)) {
              result.setNull(row);
              return true;
            }
            if (values.get(row) == decisive) {
              result.set(row, decisive);
              return false;
            }
            return true;
          });
    } finally {
      column.release();
    }
  }
}
