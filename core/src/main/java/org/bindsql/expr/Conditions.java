package org.bindsql.expr;

import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/** Functions of one condition. */
final class Conditions {
  static final int NULL = -1;

  /** Truth table of a function: from NULL or 0 or 1 to {@link #NULL}, 0 or 1. */
  @FunctionalInterface
  interface TruthTable {
    int apply(boolean isNull, int value);
  }

  private Conditions() {}

  static Column map(
      VectorExpr operand, Field field, Batch batch, ExecutionContext context, TruthTable table) {
    Column column = operand.evaluate(batch, context);
    try {
      NullReader nulls = NullReader.of(column);
      LongReader values = LongReader.of(column);
      BitVector result = Vectors.bits(field, batch, context);
      Selection rows = batch.selection();
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.position(i);
        boolean isNull = nulls.isNull(row);
        int truth = table.apply(isNull, isNull ? 0 : (int) values.get(row));
        if (truth != NULL) {
          result.set(row, truth);
        }
      }
      return new Column.VectorColumn(result, true);
    } finally {
      column.release();
    }
  }
}
