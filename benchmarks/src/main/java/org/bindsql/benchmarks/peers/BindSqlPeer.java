package org.bindsql.benchmarks.peers;

import static org.bindsql.benchmarks.peers.DataSet.QUERIES;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.bindsql.benchmarks.Background;
import org.bindsql.benchmarks.peers.DataSet.Kind;
import org.bindsql.jdbc.BindConnection;
import org.jspecify.annotations.Nullable;

/**
 * BindSQL through JDBC in this process: prepared SQL on a Lance table, and with 65,536 rows on
 * BindSpace too; exact and with a recall of 0.9999.
 */
final class BindSqlPeer implements Peer {
  static final double RECALL = 0.9999;
  private static final String LANCE = "Lance table";
  static final String BINDSPACE = "BindSpace";

  /** Longest time that work in the background after the first search may take. */
  private static final int MOST_SECONDS = 60;

  private static final String RECALL_MODE = ", recall " + RECALL;

  final Path folder;
  final PrintStream out;
  private final Connection connection;
  private boolean small;

  BindSqlPeer(Path folder, PrintStream out) {
    this.folder = folder;
    this.out = out;
    try {
      this.connection = connect(folder, "");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection to a database in a folder, or to one of its own in memory where that is null. */
  static Connection connect(@Nullable Path folder, String properties) throws SQLException {
    String path = folder == null ? "" : "path=" + folder + ";";
    return DriverManager.getConnection("jdbc:bindsql:" + path + "maintenance=off" + properties);
  }

  @Override
  public String version() {
    return "BindSQL";
  }

  @Override
  public double load(DataSet set, boolean graphs) throws Exception {
    small = set.rows == Generator.BINDSPACE_ROWS;
    try (Statement statement = connection.createStatement();
        BufferAllocator allocator = new RootAllocator()) {
      statement.execute("CREATE TABLE fps (id INTEGER, bucket INTEGER, fp BINARY(2048))");
      statement.execute("CREATE TABLE queries (n INTEGER, kind VARCHAR, fp BINARY(2048))");
      try (RowReader rows = new RowReader(allocator, set)) {
        connection.unwrap(BindConnection.class).insertArrow("fps", rows);
      }
      try (PreparedStatement insert =
          connection.prepareStatement("INSERT INTO queries VALUES (?, ?, ?)")) {
        for (Kind kind : Kind.values()) {
          for (int i = 0; i < QUERIES; i++) {
            insert.setInt(1, i);
            insert.setString(2, kind.text());
            insert.setBytes(3, set.query(kind, i));
            insert.addBatch();
          }
        }
        insert.executeBatch();
      }
      if (small) {
        fillBindSpace();
      }
    }
    for (String mode : modes()) {
      search(mode, 1, 1000).run(set.query(Kind.NEAR, 0)); // reads the column into memory
    }
    Background.await(MOST_SECONDS);
    return (double) bytes(folder.resolve("fps.lance")) / set.rows;
  }

  /** All rows that can be written; the vocabulary is there already, with a count of 0. */
  private void fillBindSpace() throws SQLException {
    execute(
        "INSERT INTO bindspace.\"all\" (addr, fingerprint, access_count)"
            + " SELECT id, fp, 1000 - bucket FROM fps WHERE id >= "
            + Generator.RESERVED);
  }

  /** Bytes of all files in a folder. */
  static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  @Override
  public List<String> modes() {
    List<String> modes = new ArrayList<>();
    for (String table : small ? new String[] {BINDSPACE, LANCE} : new String[] {LANCE}) {
      modes.add(table + ", exact");
      modes.add(table + RECALL_MODE);
    }
    return modes;
  }

  /** FROM and WHERE of a mode, with a filter. */
  private static String from(String mode, int perMille) {
    if (mode.startsWith(LANCE)) {
      return " FROM fps" + (perMille == 1000 ? "" : " WHERE bucket < " + perMille);
    }
    return " FROM bindspace.\"all\""
        + (perMille == 1000 ? "" : " WHERE access_count > " + (1000 - perMille));
  }

  private static String id(String mode) {
    return mode.startsWith(LANCE) ? "id" : "addr";
  }

  private static String code(String mode) {
    return mode.startsWith(LANCE) ? "fp" : "fingerprint";
  }

  private void set(String mode, int threads) throws SQLException {
    set("threads", "" + threads);
    set("hdr.recall", mode.endsWith(RECALL_MODE) ? "" + RECALL : "1.0");
  }

  private void set(String setting, String value) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET " + setting + " = " + value);
    }
  }

  @Override
  public Search search(String mode, int threads, int perMille) throws SQLException {
    set(mode, threads);
    return prepare(connection, nearest(mode, perMille, "?"));
  }

  /** The query of a mode. */
  private static String nearest(String mode, int perMille, String query) {
    return "SELECT %s%s ORDER BY hamming_distance(%s, %s) LIMIT %d"
        .formatted(id(mode), from(mode, perMille), code(mode), query, DataSet.K);
  }

  @Override
  public BatchSearch batch(String mode, int threads, Kind kind) throws SQLException {
    set(mode, threads);
    set("query_timeout", "120");
    PreparedStatement statement = connection.prepareStatement(join(mode, kind));
    return () -> {
      int[][] ids = new int[QUERIES][DataSet.K];
      int[] counts = new int[QUERIES];
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          int query = rows.getInt(1);
          ids[query][counts[query]++] = rows.getInt(2);
        }
      }
      return ids;
    };
  }

  /** The join of a mode that finds what is nearest to all queries of a kind. */
  private static String join(String mode, Kind kind) {
    String table = mode.startsWith(LANCE) ? "fps" : "bindspace.\"all\"";
    return """
    SELECT q.n, t.id FROM queries AS q,
    LATERAL (SELECT %s AS id FROM %s ORDER BY hamming_distance(%s, q.fp) LIMIT 10) AS t
    WHERE q.kind = '%s'\
    """
        .formatted(id(mode), table, code(mode), kind.text());
  }

  /** Where the time of a case goes. */
  Profile profile(String mode, int perMille, List<byte[]> queries) throws SQLException {
    set(mode, 1);
    return Profile.run(connection, nearest(mode, perMille, "?"), queries);
  }

  /** The same for the join of many queries. */
  Profile profile(String mode, Kind kind) throws SQLException {
    set(mode, 1);
    return Profile.run(connection, join(mode, kind), List.of(new byte[0]));
  }

  /** Measures what the targets speak of beside the scan in C, after all cases are done. */
  void besideC(DataSet set, long nanos) throws Exception {
    TargetPairs pairs = new TargetPairs(this, set, nanos);
    pairs.run(small ? BINDSPACE : LANCE);
  }

  /** Milliseconds of counting the rows that pass a filter, the cost of evaluating it. */
  Search count(String mode, int perMille) throws SQLException {
    set(mode, 1);
    PreparedStatement statement =
        connection.prepareStatement("SELECT COUNT(*)" + from(mode, perMille));
    return query -> SqlIds.read(statement);
  }

  /** Runs a statement. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** A prepared query with one fingerprint as its parameter. */
  static Search prepare(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    return query -> {
      statement.setBytes(1, query);
      return SqlIds.read(statement);
    };
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }

  /** A line for {@link RunPeers}. */
  void line(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }
}
