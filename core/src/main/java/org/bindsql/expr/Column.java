package org.bindsql.expr;

import org.apache.arrow.vector.FieldVector;
import org.jspecify.annotations.Nullable;

/** Value of an expression over a batch: one value per row, or one value for all rows. */
public sealed interface Column {
  /**
   * One value per row of the batch, defined at the active rows.
   *
   * @param vector the values
   * @param owned whether whoever evaluated the expression must close the vector
   */
  record VectorColumn(FieldVector vector, boolean owned) implements Column {}

  /**
   * One value for all rows, never expanded.
   *
   * @param value null for SQL NULL; otherwise Boolean, Integer, Long, Float, Double, String,
   *     byte[], DATE as Integer days, TIMESTAMP as Long milliseconds
   */
  record ScalarColumn(@Nullable Object value) implements Column {}

  /** Closes the vector if it is owned. */
  default void release() {
    if (this instanceof VectorColumn(FieldVector vector, boolean owned) && owned) {
      vector.close();
    }
  }
}
