package org.bindsql.jdbc;

import java.sql.SQLException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.jspecify.annotations.Nullable;

/**
 * What a connection in this process does beyond JDBC: results and rows as Arrow batches.
 *
 * <p>{@code connection.unwrap(BindConnection.class)} gives it. A connection over the network has
 * none, because batches are handed over in this process's memory.
 */
public interface BindConnection {
  /**
   * Runs a query and streams its result as Arrow batches, of at most {@code batch_size} rows where
   * the plan allows.
   *
   * <p>No row is made where the last operator of the plan works on batches; else rows are packed.
   * The settings {@code memory_limit}, {@code max_rows} and {@code query_timeout} hold as for a
   * JDBC statement. The caller closes the reader; closing the connection closes it too.
   *
   * @param parameters values of the parameters {@code ?}, in the classes that {@link
   *     java.sql.PreparedStatement#setObject} takes
   * @throws SQLException if the statement is no query, or fails before its first batch
   */
  ArrowResult executeArrow(String sql, @Nullable Object... parameters) throws SQLException;

  /**
   * Plans a query whose result is to be streamed as by {@link #executeArrow}, so that its runs need
   * not.
   *
   * @throws SQLException if the statement is no query, or cannot be planned
   */
  ArrowStatement prepareArrow(String sql) throws SQLException;

  /**
   * Adds rows to a table in one commit, or none if it fails.
   *
   * <p>Columns are matched by name, without regard to case. A column of the table that the rows do
   * not have becomes NULL. Values are widened where that loses nothing (INTEGER to BIGINT, REAL to
   * DOUBLE, text to text of longer offsets, a list to a list of fixed size); whatever else differs
   * is an error.
   *
   * @param table name of the table, as SQL writes it: {@code t} or {@code main.t}
   * @param rows read to its end, and not closed
   * @return number of rows added
   * @throws SQLException 42703 for a column that the table does not have, 42804 for a type that
   *     does not fit, 23502 for NULL in a column that allows none, 23505 for a key that exists
   */
  long insertArrow(String table, ArrowReader rows) throws SQLException;
}
