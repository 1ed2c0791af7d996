package org.bindsql.jdbc;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A query that was planned once, by {@link BindConnection#prepareArrow}, and runs as often as
 * wanted. It holds nothing that has to be closed, and ends with its connection.
 */
public interface ArrowStatement {
  /**
   * Runs the query as {@link BindConnection#executeArrow} does, on the rows that are there now.
   *
   * @param parameters values of the parameters {@code ?}, in the classes that {@link
   *     java.sql.PreparedStatement#setObject} takes
   * @throws SQLException if the query fails before its first batch; 40001 if columns of its tables
   *     have changed since it was prepared, 08003 if the connection is closed
   */
  ArrowResult execute(@Nullable Object... parameters) throws SQLException;
}
