package org.bindsql.expr;

import org.apache.arrow.vector.FieldVector;

/** Where a column is NULL. */
@FunctionalInterface
interface NullReader {
  /** No row. */
  NullReader NEVER = row -> false;

  /** Whether the value at the row is NULL. */
  boolean isNull(int row);

  static NullReader of(Column column) {
    return switch (column) {
      case Column.VectorColumn(FieldVector vector, boolean ignored) ->
          vector.getNullCount() == 0 ? NEVER : vector::isNull;
      case Column.ScalarColumn(Object value) -> row -> value == null;
    };
  }
}
