package org.bindsql.benchmarks.peers;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/**
 * PostgreSQL on the server that the property {@code postgres} names: {@code <~>} of pgvector where
 * it is installed, {@code bit_count(a # b)} of PostgreSQL itself where not. The column is stored
 * plain; compressed and out of line, as by default, it takes several times as long.
 */
final class PostgresPeer implements Peer {
  /** Of a binary COPY: a signature, no flags, no extension. */
  private static final byte[] HEADER =
      "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1);

  private final Connection connection;
  private final boolean vector;

  PostgresPeer() {
    try {
      connection =
          DriverManager.getConnection(Objects.requireNonNull(System.getProperty("postgres")));
      try (Statement statement = connection.createStatement();
          ResultSet extension =
              statement.executeQuery(
                  "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'")) {
        vector = extension.next();
      }
      if (vector) {
        execute("CREATE EXTENSION IF NOT EXISTS vector");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  @Override
  public String version() throws SQLException {
    String server = "PostgreSQL " + number("SHOW server_version").split(" ")[0];
    return vector
        ? server
            + ", pgvector "
            + number("SELECT extversion FROM pg_extension WHERE extname = 'vector'")
        : server + " without pgvector";
  }

  @Override
  public double load(DataSet set, boolean graphs) throws Exception {
    execute("DROP TABLE IF EXISTS fps");
    execute("CREATE UNLOGGED TABLE fps (id integer, bucket integer, fp bit(16384))");
    execute("ALTER TABLE fps ALTER fp SET STORAGE PLAIN");
    ByteBuffer row = ByteBuffer.allocate(2 + 8 + 8 + 8 + DataSet.WIDTH);
    try (PGCopyOutputStream out =
        new PGCopyOutputStream(
            connection.unwrap(PGConnection.class), "COPY fps FROM STDIN (FORMAT binary)")) {
      out.write(HEADER);
      for (int id = 0; id < set.rows; id++) {
        row.clear().putShort((short) 3).putInt(4).putInt(id).putInt(4).putInt(set.bucket(id));
        row.putInt(4 + DataSet.WIDTH).putInt(8 * DataSet.WIDTH).put(set.code(id));
        out.write(row.array());
      }
      out.write(new byte[] {-1, -1});
    }
    execute("CREATE INDEX ON fps (bucket)");
    execute("VACUUM ANALYZE fps");
    return Double.parseDouble(number("SELECT pg_total_relation_size('fps')")) / set.rows;
  }

  @Override
  public List<String> modes() {
    return List.of(vector ? "exact, <~>" : "exact, bit_count(#)");
  }

  @Override
  public Search search(String mode, int threads, int perMille) throws SQLException {
    execute("SET max_parallel_workers_per_gather = " + (threads - 1));
    execute("SET min_parallel_table_scan_size = 0");
    execute("SET parallel_setup_cost = 0");
    String where = perMille == 1000 ? "" : " WHERE bucket < " + perMille;
    String distance = vector ? "fp <~> ?::bit(16384)" : "bit_count(fp # ?::bit(16384))";
    PreparedStatement statement =
        connection.prepareStatement(
            "SELECT id FROM fps" + where + " ORDER BY " + distance + " LIMIT 10");
    return query -> {
      statement.setString(1, "x" + java.util.HexFormat.of().formatHex(query));
      return SqlIds.read(statement);
    };
  }

  @Override
  public void close() throws SQLException {
    execute("DROP TABLE fps"); // the server lives on
    connection.close();
  }
}
