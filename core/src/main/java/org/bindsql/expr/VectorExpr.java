package org.bindsql.expr;

import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;

/**
 * Scalar expression evaluated a batch at a time.
 *
 * <p>The tree is interpreted: each node is dispatched once per batch and then loops over the active
 * rows. A constant stays a {@link Column.ScalarColumn} and is never expanded.
 */
public sealed interface VectorExpr
    permits ColumnRef,
        Literal,
        Parameter,
        Compare,
        Logical,
        Not,
        IsNull,
        IsTruth,
        InList,
        Arithmetic,
        Cast,
        Call {
  /** The Arrow form of the result; nullable if the expression may be NULL. */
  Field field();

  /**
   * Computes the expression at the batch's active rows; the caller releases the column.
   *
   * @throws org.bindsql.error.BindSqlException if a value is outside the expression's domain
   */
  Column evaluate(Batch batch, ExecutionContext context);
}
