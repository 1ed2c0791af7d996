package org.bindsql.functions;

import org.jspecify.annotations.Nullable;

/** Computation of a function from arguments that are not NULL. */
@FunctionalInterface
interface Body {
  /**
   * Computes the result.
   *
   * @return null for SQL NULL; otherwise Integer, Long, Short, Float, Double, Boolean, String,
   *     byte[], or Object[] for a ROW
   * @throws org.bindsql.error.BindSqlException if an argument is outside the function's domain
   */
  @Nullable Object apply(Arguments arguments);
}
