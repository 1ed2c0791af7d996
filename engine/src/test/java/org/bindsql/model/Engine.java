package org.bindsql.model;

import java.util.List;

/** The database under test, with several connections. */
interface Engine extends AutoCloseable {
  /**
   * What a statement did.
   *
   * @param count rows changed, or -1 if it returned rows
   * @param rows rows returned, as text, or null
   * @param state SQLState if it failed, else null
   * @param message the failure's message, or empty
   */
  record Answer(long count, List<String> rows, String state, String message) {
    /** Whether no row was found or changed. */
    boolean empty() {
      return rows == null ? count == 0 : rows.isEmpty() || rows.equals(List.of("0"));
    }

    static Answer failed(String state, String message) {
      return new Answer(-1, null, String.valueOf(state), message);
    }
  }

  /** Runs a statement; rows come sorted unless they are wanted as they come. */
  Answer run(int connection, String sql, boolean ordered);

  /** Closes all connections and opens them again. */
  void reopen();

  @Override
  void close();
}
