package org.bindsql.expr;

import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;

/** Column of the input, by position. */
public record ColumnRef(int index, Field field) implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    return new Column.VectorColumn(batch.column(index), false);
  }
}
