package org.bindsql.expr;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.vector.Selection;

/**
 * Batch implementation of a SQL function.
 *
 * <p>Implementations are stateless or thread-confined: one instance may serve many batches of one
 * statement, one after the other.
 */
@FunctionalInterface
public interface VectorFunction {
  /**
   * Computes the function at the active rows.
   *
   * @param arguments the evaluated arguments, in SQL order
   * @param rows the active rows, positions into every vector argument and into {@code result}
   * @param result allocated for all rows of the batch and zeroed; the function sets value or NULL
   *     at every active row and leaves the others alone
   * @throws org.bindsql.error.BindSqlException if an argument is outside the function's domain
   */
  void apply(List<Column> arguments, Selection rows, FieldVector result);
}
