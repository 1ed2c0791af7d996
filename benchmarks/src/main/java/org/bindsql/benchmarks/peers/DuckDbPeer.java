package org.bindsql.benchmarks.peers;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/** DuckDB in memory: a column of type BIT, {@code bit_count(xor(a, b))}. */
final class DuckDbPeer implements Peer {
  private static final int BLOCK = 65_536;

  private final Connection connection;

  DuckDbPeer() {
    try {
      connection = DriverManager.getConnection("jdbc:duckdb:");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String version() throws SQLException {
    return "DuckDB " + connection.getMetaData().getDatabaseProductVersion();
  }

  @Override
  public double load(DataSet set, boolean graphs) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE fps (id INTEGER, bucket INTEGER, fp BIT)");
      statement.execute("CREATE TABLE block (id INTEGER, bucket INTEGER, fp BLOB)");
      for (int from = 0; from < set.rows; from += BLOCK) {
        try (DuckDBAppender appender =
            connection.unwrap(DuckDBConnection.class).createAppender("block")) {
          for (int row = from; row < Math.min(set.rows, from + BLOCK); row++) {
            appender.beginRow().append(row).append(set.bucket(row)).append(set.code(row)).endRow();
          }
        }
        statement.execute("INSERT INTO fps SELECT id, bucket, fp::BIT FROM block");
        statement.execute("TRUNCATE block");
      }
      statement.execute("DROP TABLE block");
      try (ResultSet bytes =
          statement.executeQuery("SELECT sum(memory_usage_bytes) FROM duckdb_memory()")) {
        bytes.next();
        return bytes.getDouble(1) / set.rows;
      }
    }
  }

  @Override
  public List<String> modes() {
    return List.of("exact, BIT");
  }

  @Override
  public Search search(String mode, int threads, int perMille) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET threads = " + threads);
    }
    String where = perMille == 1000 ? "" : " WHERE bucket < " + perMille;
    PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id FROM fps" + where + " ORDER BY bit_count(xor(fp, ?::BLOB::BIT)) LIMIT 10");
    return query -> {
      statement.setBytes(1, query);
      return SqlIds.read(statement);
    };
  }

  @Override
  public BatchSearch batch(String mode, int threads, DataSet.Kind kind) {
    throw new UnsupportedOperationException("a join compares row by row and takes as long");
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
