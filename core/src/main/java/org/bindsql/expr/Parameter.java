package org.bindsql.expr;

import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;

/**
 * Dynamic parameter, bound anew for each run of the plan.
 *
 * @param index 0-based
 */
public record Parameter(int index, Field field) implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    return new Column.ScalarColumn(Scalars.of(context.parameter(index), field, "?" + index));
  }
}
