package org.bindsql.engine.run;

import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.TransformedEnumerator;
import org.bindsql.engine.Setting;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Rows of a query that fails when there are more than {@link Setting#MAX_ROWS} allows. */
public final class RowLimit {
  private RowLimit() {}

  /** Fails if a query returned more rows than allowed; a limit of 0 is none. */
  static void check(long rows, long limit) {
    if (limit > 0 && rows > limit) {
      throw new BindSqlException(
          ErrorCode.LIMIT_REACHED,
          "the query returns more rows than the setting max_rows = " + limit + " allows");
    }
  }

  /** The rows, failing with the first row above the limit. */
  public static <T> Enumerable<T> of(Enumerable<T> rows, long limit) {
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        return new TransformedEnumerator<T, T>(rows.enumerator()) {
          private long count;

          @Override
          public boolean moveNext() {
            boolean more = super.moveNext();
            count += more ? 1 : 0;
            return more;
          }

          // Fails when the row is wanted: iterators over rows look one row ahead.
          @Override
          protected T transform(T row) {
            check(count, limit);
            return row;
          }
        };
      }
    };
  }
}
