package org.bindsql.engine.run;

import java.util.function.Supplier;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.TransformedEnumerator;
import org.bindsql.exec.StatementScope;

/** Rows of one run of a query, at whose end or failure the run's scope is closed. */
public final class ScopedRows {
  private ScopedRows() {}

  /**
   * Rows that close the scope.
   *
   * @param query runs the query; part of the work may be done in it already
   */
  public static <T> Enumerable<T> of(Supplier<Enumerable<T>> query, StatementScope scope) {
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        Enumerator<T> enumerator;
        try {
          enumerator = query.get().enumerator();
        } catch (Throwable e) {
          scope.close();
          throw e;
        }
        return new TransformedEnumerator<T, T>(enumerator) {
          @Override
          public boolean moveNext() {
            boolean more = false;
            try {
              more = super.moveNext();
              return more;
            } finally {
              // At the end, and after a failure: not every caller closes then.
              if (!more) {
                close();
              }
            }
          }

          @Override
          public T current() {
            try {
              return super.current();
            } catch (Throwable e) {
              close();
              throw e;
            }
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
