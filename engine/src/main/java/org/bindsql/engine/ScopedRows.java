package org.bindsql.engine;

import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.TransformedEnumerator;
import org.bindsql.exec.StatementScope;

/** Rows of one run of a query, at whose end or failure the run's scope is closed. */
final class ScopedRows {
  private ScopedRows() {}

  static <T> Enumerable<T> of(Enumerable<T> rows, StatementScope scope) {
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        Enumerator<T> enumerator;
        try {
          enumerator = rows.enumerator();
        } catch (Throwable e) {
          scope.close();
          throw e;
        }
        return new TransformedEnumerator<T, T>(enumerator) {
          @Override
          public boolean moveNext() {
            boolean more = super.moveNext();
            if (!more) {
              scope.close();
            }
            return more;
          }

          @Override
          protected T transform(T row) {
            return row;
          }

          @Override
          public void close() {
            try (scope) {
              super.close();
            }
          }
        };
      }
    };
  }
}
