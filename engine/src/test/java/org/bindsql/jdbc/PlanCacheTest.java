package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bindsql.process.ChildJvm;
import org.bindsql.process.RunSql;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans are used again while they hold, and never longer. */
class PlanCacheTest {
  @TempDir Path folder;
  private Connection connection;
  private Connection other;
  private long past = System.currentTimeMillis() - 1_000_000;

  @BeforeEach
  void open() throws SQLException, IOException {
    connection = connect();
    other = connect();
    run(other, "CREATE TABLE t AS SELECT 1 AS a, 'x' AS b");
    settle();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:bindsql:maintenance=off;path=" + folder);
  }

  @AfterEach
  void close() throws SQLException {
    connection.close(); // fails if memory leaked
    other.close();
  }

  /** Has folders that were just changed look as if some time had passed, other than any before. */
  private void settle() throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      for (Path entry : Stream.concat(Stream.of(folder), entries).toList()) {
        if (Files.getLastModifiedTime(entry).toMillis() > System.currentTimeMillis() - 100_000) {
          Files.setLastModifiedTime(entry, FileTime.fromMillis(past++));
        }
      }
    }
  }

  @Test
  void aTextThatComesAgainIsNotPlannedAgain() throws SQLException {
    String sql = "SELECT b FROM t WHERE a = 1";
    for (int i = 0; i < 5; i++) {
      assertEquals("[[x]]", rows(sql));
    }
    assertEquals(4, hits());
    run(other, "INSERT INTO t VALUES (1, 'y')");
    assertEquals("[[x], [y]]", rows(sql + " ORDER BY b"));
    assertEquals("[[x], [y]]", rows(sql));
    assertEquals(5, hits());
  }

  @Test
  void preparedStatementsShareAPlanAndNoParameters() throws SQLException {
    run(other, "INSERT INTO t VALUES (2, 'y'), (3, 'z')");
    String sql = "SELECT b FROM t WHERE a >= ? ORDER BY a";
    try (PreparedStatement first = connection.prepareStatement(sql);
        PreparedStatement second = connection.prepareStatement(sql)) {
      assertEquals(1, hits());
      first.setInt(1, 1);
      second.setInt(1, 2);
      try (ResultSet one = first.executeQuery();
          ResultSet two = second.executeQuery()) {
        one.next();
        two.next();
        assertEquals("x y", one.getString(1) + " " + two.getString(1));
        one.next();
        two.next();
        assertEquals("y z", one.getString(1) + " " + two.getString(1));
      }
    }
    SQLException e =
        assertThrows(SQLException.class, () -> connection.createStatement().executeQuery(sql));
    assertEquals("07001", e.getSQLState());
  }

  @Test
  void changesOfColumnsByAnotherConnectionAreSeen() throws SQLException, IOException {
    String sql = "SELECT * FROM t";
    assertEquals("[[1, x]]", rows(sql));
    run(other, "ALTER TABLE t ADD COLUMN c AS (a + 1)");
    assertEquals("[[1, x, 2]]", rows(sql));
    run(other, "ALTER TABLE t DROP COLUMN a");
    assertEquals("[[x, 2]]", rows(sql));
    run(other, "ALTER TABLE t RENAME COLUMN b TO a");
    assertEquals("[[x]]", rows("SELECT a FROM t"));
    settle();
    assertEquals("[[x, 2]]", rows(sql));
  }

  @Test
  void tablesReplacedAndDroppedByAnotherConnectionAreSeen() throws SQLException, IOException {
    String sql = "SELECT a FROM t WHERE a IS NOT NULL";
    assertEquals("[[1]]", rows(sql));
    run(other, "CREATE OR REPLACE TABLE t AS SELECT 'one' AS a");
    assertEquals("[[one]]", rows(sql));
    run(other, "DROP TABLE t");
    assertEquals("42P01", failure(sql));
    run(other, "CREATE VIEW t AS SELECT 7 AS a");
    assertEquals("[[7]]", rows(sql));
    settle();
    assertEquals("[[7]]", rows(sql));
    run(other, "CREATE OR REPLACE VIEW t AS SELECT 8 AS a");
    assertEquals("[[8]]", rows(sql));
    run(other, "DROP VIEW t");
    assertEquals("42P01", failure(sql));
  }

  /** A plan may no longer read a table that its text names. */
  @Test
  void aTableThatThePlanNeedsNotIsMissedAllTheSame() throws SQLException {
    String sql = "SELECT a FROM t WHERE FALSE";
    assertEquals("[]", rows(sql));
    run(other, "DROP TABLE t");
    assertEquals("42P01", failure(sql));
  }

  @Test
  void tablesBelowAViewAreSeen() throws SQLException, IOException {
    run(other, "CREATE SCHEMA s");
    run(other, "CREATE TABLE s.u AS SELECT 1 AS a");
    run(other, "CREATE VIEW v AS SELECT * FROM s.u");
    settle();
    assertEquals("[[1]]", rows("SELECT * FROM v"));
    assertEquals("[[1]]", rows("SELECT * FROM v"));
    assertEquals(1, hits());
    run(other, "CREATE OR REPLACE TABLE s.u AS SELECT 5 AS a");
    assertEquals("[[5]]", rows("SELECT * FROM v"));
    run(other, "DROP TABLE s.u");
    assertEquals("42P01", failure("SELECT * FROM v"));
  }

  @Test
  void changesByAnotherProcessAreSeen() throws SQLException {
    String sql = "SELECT * FROM t";
    assertEquals("[[1, x]]", rows(sql));
    process("ALTER TABLE t ADD COLUMN c AS (a + 1)");
    assertEquals("[[1, x, 2]]", rows(sql));
    process("DROP TABLE t", "CREATE TABLE t AS SELECT TRUE AS a");
    assertEquals("[[true]]", rows(sql));
    process("DROP TABLE t");
    assertEquals("42P01", failure(sql));
  }

  private void process(String... statements) {
    List<String> arguments = new ArrayList<>(List.of(folder.toString()));
    arguments.addAll(List.of(statements));
    try (ChildJvm child = new ChildJvm(RunSql.class, List.of(), arguments.toArray(String[]::new))) {
      assertEquals("done", child.receive());
    }
  }

  @Test
  void theDefaultSchemaAndAttachedSchemasDecide() throws SQLException, IOException {
    run(other, "CREATE SCHEMA s");
    run(other, "CREATE TABLE s.t AS SELECT 9 AS a");
    settle();
    assertEquals("[[1]]", rows("SELECT a FROM t"));
    connection.setSchema("s");
    assertEquals("[[9]]", rows("SELECT a FROM t"));
    connection.setSchema("main");
    assertEquals("[[1]]", rows("SELECT a FROM t"));
    assertEquals(1, hits());
    run(connection, "ATTACH '" + folder.resolve("s") + "' AS other");
    assertEquals("[[9]]", rows("SELECT a FROM other.t"));
    run(connection, "DETACH other");
    assertEquals("3F000", failure("SELECT a FROM other.t").replace("42P01", "3F000"));
    run(connection, "ATTACH '" + folder + "' AS other");
    assertEquals("[[1]]", rows("SELECT a FROM other.t"));
  }

  @Test
  void namesThatMayComeToMeanOthersAreNotKept() throws SQLException, IOException {
    run(other, "CREATE TAG first ON t");
    run(other, "INSERT INTO t VALUES (2, 'y')");
    String tag = "SELECT COUNT(*) FROM t FOR VERSION AS OF 'first'";
    assertEquals("[[1]]", rows(tag));
    run(other, "DROP TAG first ON t");
    run(other, "CREATE TAG first ON t");
    assertEquals("[[2]]", rows(tag));
    Path file = Files.createDirectory(folder.resolve("s")).resolve("f.csv");
    Files.writeString(file, "a\n1\n");
    String csv = "SELECT * FROM '" + file + "'";
    assertEquals("[[1]]", rows(csv));
    Files.writeString(file, "a,b\nz,2\n");
    assertEquals("[[z, 2]]", rows(csv));
  }

  @Test
  void settingsAreTheConnectionsOwn() throws SQLException {
    run(other, "INSERT INTO t VALUES (2, 'y')");
    assertEquals("[[1], [2]]", rows("SELECT a FROM t ORDER BY a"));
    run(connection, "SET max_rows = 1");
    assertEquals("53400", failure("SELECT a FROM t ORDER BY a"));
    try (ResultSet rows = other.createStatement().executeQuery("SELECT a FROM t ORDER BY a")) {
      rows.next();
      rows.next();
      assertEquals(2, rows.getInt(1));
    }
    run(connection, "SET max_rows = 0");
    assertEquals("[[1], [2]]", rows("SELECT a FROM t ORDER BY a"));
  }

  @Test
  void transactionsReadTheirOwn() throws SQLException {
    String sql = "SELECT a FROM t ORDER BY a";
    assertEquals("[[1]]", rows(sql));
    connection.setAutoCommit(false);
    assertEquals("[[1]]", rows(sql));
    run(other, "INSERT INTO t VALUES (2, 'y')");
    assertEquals("[[1]]", rows(sql));
    connection.commit();
    assertEquals("[[1], [2]]", rows(sql));
    connection.setAutoCommit(true);
    assertEquals("[[1], [2]]", rows(sql));
  }

  @Test
  void theNumberOfPlansIsBounded() throws SQLException {
    run(connection, "SET plan_cache = 3");
    for (int i = 0; i < 10; i++) {
      rows("SELECT a + " + i + " FROM t");
    }
    assertEquals("3", rows("SELECT entries FROM system.plan_cache").replaceAll("\\D", ""));
    rows("SELECT a + 9 FROM t");
    long hits = hits();
    rows("SELECT a + 1 FROM t");
    assertEquals(hits, hits());
    run(connection, "SET plan_cache = 0");
    rows("SELECT a FROM t");
    rows("SELECT a FROM t");
    assertEquals("[[0]]", rows("SELECT entries FROM system.plan_cache"));
    assertEquals(hits, hits());
    assertEquals("22023", failure("SET plan_cache = -1"));
  }

  /** Hits so far; not counting this query, which counts at its next run. */
  private long hits() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT hits, " + System.nanoTime() + " FROM system.plan_cache")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String failure(String sql) {
    return assertThrows(SQLException.class, () -> rows(sql), sql).getSQLState();
  }

  private String rows(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
              row.add(result.getString(i));
            }
            rows.add(row);
          }
        }
      }
    }
    return rows.toString();
  }
}
