package org.bindsql.expr;

import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;

/** Negation of a condition; NULL stays NULL. */
public record Not(VectorExpr operand, Field field) implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    return Conditions.map(
        operand, field, batch, context, (isNull, value) -> isNull ? Conditions.NULL : 1 - value);
  }
}
