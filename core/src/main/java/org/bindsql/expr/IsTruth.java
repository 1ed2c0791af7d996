package org.bindsql.expr;

import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;

/**
 * {@code IS [NOT] TRUE} and {@code IS [NOT] FALSE}; never NULL.
 *
 * @param truth the truth value asked for
 * @param negated whether to be TRUE where the operand is anything else
 */
public record IsTruth(VectorExpr operand, boolean truth, boolean negated, Field field)
    implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    int wanted = truth ? 1 : 0;
    return Conditions.map(
        operand,
        field,
        batch,
        context,
        (isNull, value) -> (!isNull && value == wanted) != negated ? 1 : 0);
  }
}
