package org.bindsql.expr;

import java.util.Set;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * Membership in a set of constants; NULL if the operand is.
 *
 * @param kind LONG or STRING: floating-point numbers do not equal by their bits
 * @param values Long or String, by kind; none NULL
 */
public record InList(VectorExpr operand, ValueKind kind, Set<?> values, Field field)
    implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    Column column = operand.evaluate(batch, context);
    try {
      NullReader nulls = NullReader.of(column);
      Rows.Test test = test(column);
      BitVector result = Vectors.bits(field, batch, context);
      Selection rows = batch.selection();
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.position(i);
        if (!nulls.isNull(row)) {
          result.set(row, test.holds(row) ? 1 : 0);
        }
      }
      return new Column.VectorColumn(result, true);
    } finally {
      column.release();
    }
  }

  private Rows.Test test(Column column) {
    if (kind == ValueKind.LONG) {
      LongReader longs = LongReader.of(column);
      return row -> values.contains(longs.get(row));
    }
    BytesReader texts = BytesReader.of(column);
    return row -> values.contains(texts.seek(row).string());
  }
}
