package org.bindsql.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.sqlite.SQLiteConfig;

/**
 * SQLite in memory with sqlite-vec, whose library comes from npm: {@code vec_distance_hamming}. Its
 * virtual table refuses 16,384 bits ("maximum 8192").
 */
final class SqlitePeer implements Peer {
  private static final int COMMIT_ROWS = 65_536;

  private final Connection connection;

  SqlitePeer() {
    SQLiteConfig config = new SQLiteConfig();
    config.enableLoadExtension(true);
    try {
      connection = config.createConnection("jdbc:sqlite::memory:");
      try (PreparedStatement load = connection.prepareStatement("SELECT load_extension(?)")) {
        load.setString(1, System.getProperty("sqlite-vec"));
        load.executeQuery().close();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String version() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT vec_version(), sqlite_version()")) {
      row.next();
      return "sqlite-vec %s, SQLite %s".formatted(row.getString(1), row.getString(2));
    }
  }

  @Override
  public double load(DataSet set, boolean graphs) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA page_size = 16384"); // seven rows; the usual 4,096 hold one
      connection.setAutoCommit(false);
      statement.execute("CREATE TABLE fps (id INTEGER PRIMARY KEY, bucket INTEGER, fp BLOB)");
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO fps VALUES (?, ?, ?)")) {
        for (int row = 0; row < set.rows; row++) {
          insert.setInt(1, row);
          insert.setInt(2, set.bucket(row));
          insert.setBytes(3, set.code(row));
          insert.execute();
          if (row % COMMIT_ROWS == 0) {
            connection.commit();
          }
        }
      }
      statement.execute("CREATE INDEX by_bucket ON fps (bucket)");
      connection.commit();
      connection.setAutoCommit(true);
      try (ResultSet bytes =
          statement.executeQuery(
              "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")) {
        bytes.next();
        return bytes.getDouble(1) / set.rows;
      }
    }
  }

  @Override
  public List<String> modes() {
    return List.of("exact, vec_distance_hamming");
  }

  @Override
  public Search search(String mode, int threads, int perMille) throws SQLException {
    if (threads > 1) {
      throw new UnsupportedOperationException("one thread per query");
    }
    String where = perMille == 1000 ? "" : " WHERE bucket < " + perMille;
    PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id FROM fps"
                + where
                + " ORDER BY vec_distance_hamming(vec_bit(fp), vec_bit(?)) LIMIT 10");
    return query -> {
      statement.setBytes(1, query);
      return SqlIds.read(statement);
    };
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
