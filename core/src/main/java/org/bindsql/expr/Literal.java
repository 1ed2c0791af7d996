package org.bindsql.expr;

import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Constant known when the plan was made.
 *
 * @param value in the form that {@link Column.ScalarColumn} prescribes
 */
public record Literal(@Nullable Object value, Field field) implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    return new Column.ScalarColumn(value);
  }
}
