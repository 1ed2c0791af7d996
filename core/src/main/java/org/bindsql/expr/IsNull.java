package org.bindsql.expr;

import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * {@code IS NULL} or, negated, {@code IS NOT NULL}, of an expression of any type; never NULL.
 *
 * @param negated whether to be TRUE where the operand is not NULL
 */
public record IsNull(VectorExpr operand, boolean negated, Field field) implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    Column column = operand.evaluate(batch, context);
    try {
      NullReader nulls = NullReader.of(column);
      BitVector result = Vectors.bits(field, batch, context);
      Selection rows = batch.selection();
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.position(i);
        result.set(row, nulls.isNull(row) != negated ? 1 : 0);
      }
      return new Column.VectorColumn(result, true);
    } finally {
      column.release();
    }
  }
}
