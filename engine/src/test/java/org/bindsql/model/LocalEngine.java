package org.bindsql.model;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database in this process. */
final class LocalEngine implements Engine {
  private final String url;
  private final int count;
  private final List<Connection> connections = new ArrayList<>();

  LocalEngine(Path folder, int connections) {
    this.url = "jdbc:bindsql:path=" + folder;
    this.count = connections;
    open();
  }

  private void open() {
    try {
      while (connections.size() < count) {
        connections.add(DriverManager.getConnection(url));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Answer run(int connection, String sql, boolean ordered) {
    try (Statement statement = connections.get(connection).createStatement()) {
      if (!statement.execute(sql)) {
        return new Answer(statement.getLargeUpdateCount(), null, null, "");
      }
      try (ResultSet rows = statement.getResultSet()) {
        return new Answer(-1, Cells.rows(rows, ordered), null, "");
      }
    } catch (SQLException e) {
      return Answer.failed(e.getSQLState(), String.valueOf(e.getMessage()));
    }
  }

  @Override
  public void reopen() {
    close();
    open();
  }

  @Override
  public void close() {
    try {
      for (Connection connection : connections) {
        connection.close(); // fails if off-heap memory leaked
      }
      connections.clear();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
