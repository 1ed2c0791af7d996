package org.bindsql.expr;

import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * Condition that narrows a selection to the rows for which it is TRUE; rows for which it is FALSE
 * or UNKNOWN are dropped.
 */
@FunctionalInterface
public interface BatchPredicate {
  /**
   * Returns the rows of {@code rows} that satisfy the condition.
   *
   * @param rows positions into the batch's columns; the batch's own selection is ignored
   */
  Selection filter(Batch batch, Selection rows, ExecutionContext context);
}
