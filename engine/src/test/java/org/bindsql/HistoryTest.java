package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Versions, tags and branches while others write, in any time zone, and with hostile names. */
class HistoryTest {
  private static final int COMMITS = 100;

  @TempDir Path folder;

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("db"));
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private static String rows(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return text(rows);
    }
  }

  private static String text(ResultSet rows) throws SQLException {
    StringBuilder text = new StringBuilder();
    while (rows.next()) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        text.append(i > 1 ? "," : "").append(rows.getString(i));
      }
      text.append(' ');
    }
    return text.toString().strip();
  }

  private static SQLException failure(Connection connection, String sql) {
    return assertThrows(SQLException.class, () -> run(connection, sql), sql);
  }

  /** After each commit the rows are remembered; each version must equal them for ever. */
  @Test
  void everyVersionStaysAsItWas() throws Exception {
    Random random = new Random(42);
    TreeMap<Integer, Integer> model = new TreeMap<>();
    List<String> states = new ArrayList<>();
    List<Timestamp> times = new ArrayList<>();
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE t AS SELECT 0 AS k, 0 AS v");
      model.put(0, 0);
      for (int version = 1; version <= COMMITS; version++) {
        if (version > 1) {
          change(connection, model, random, version);
        }
        states.add(text(model));
        times.add(Timestamp.from(Instant.now()));
        Thread.sleep(2); // so that the next version is of a later millisecond
      }
      String query = "SELECT k, v FROM t FOR %s ORDER BY k";
      try (PreparedStatement byTime =
          connection.prepareStatement(query.formatted("SYSTEM_TIME AS OF ?"))) {
        for (int version = 1; version <= COMMITS; version++) {
          String expected = states.get(version - 1);
          assertEquals(
              expected,
              rows(connection, query.formatted("VERSION AS OF " + version)),
              "" + version);
          byTime.setTimestamp(1, times.get(version - 1));
          try (ResultSet rows = byTime.executeQuery()) {
            assertEquals(expected, text(rows), "at " + times.get(version - 1));
          }
        }
      }
    }
  }

  private static String text(TreeMap<Integer, Integer> model) {
    StringBuilder text = new StringBuilder();
    model.forEach((k, v) -> text.append(k).append(',').append(v).append(' '));
    return text.toString().strip();
  }

  /** A statement that changes something. */
  private static void change(
      Connection connection, TreeMap<Integer, Integer> model, Random random, int version)
      throws SQLException {
    int key = model.isEmpty() ? 0 : List.copyOf(model.keySet()).get(random.nextInt(model.size()));
    switch (model.isEmpty() ? 0 : random.nextInt(3)) {
      case 0 -> {
        model.put(1000 + version, version);
        run(connection, "INSERT INTO t VALUES (%d, %d)".formatted(1000 + version, version));
      }
      case 1 -> {
        model.put(key, version);
        run(connection, "UPDATE t SET v = %d WHERE k = %d".formatted(version, key));
      }
      default -> {
        model.remove(key);
        run(connection, "DELETE FROM t WHERE k = " + key);
      }
    }
  }

  @Test
  void aReadOfAnOldVersionIsNotDisturbedByWritersNorByVacuum() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Connection reader = connect()) {
      run(
          reader,
          "SET batch_size = 10",
          "CREATE TABLE t AS SELECT a.x + 10 * b.x AS k FROM (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)"
              + " AS a(x), (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS b(x)",
          "INSERT INTO t VALUES (1000)");
      Thread writer =
          new Thread(() -> {
            try (Connection connection = connect()) {
              for (int i = 0; !done.get(); i++) {
                run(
                    connection,
                    "INSERT INTO t VALUES (" + (2000 + i) + ")",
                    "DELETE FROM t WHERE k = " + i % 100);
                run(connection, "VACUUM t WITH (older_than_seconds = 0)");
              }
            } catch (SQLException e) {
              failure.set(e);
            }
          });
      try (Statement statement = reader.createStatement();
          ResultSet rows = statement.executeQuery("SELECT k FROM t FOR VERSION AS OF 1")) {
        writer.start();
        Set<Integer> keys = new TreeSet<>();
        while (rows.next()) {
          keys.add(rows.getInt(1));
          Thread.sleep(5);
        }
        assertEquals(100, keys.size());
      } finally {
        done.set(true);
        writer.join();
      }
      assertNull(failure.get());
    }
  }

  /** The table twice and a version of it: three scans, two versions. */
  @Test
  void aStatementReadsOneVersionOfTheTableAndOneOfItsPast() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (Connection reader = connect()) {
      run(reader, "CREATE TABLE t AS SELECT 1 AS k", "CREATE TAG first ON t");
      Thread writer =
          new Thread(() -> {
            try (Connection connection = connect()) {
              while (!done.get()) {
                run(connection, "INSERT INTO t VALUES (2)");
              }
            } catch (SQLException e) {
              failure.set(e);
            }
          });
      writer.start();
      try {
        for (int i = 0; i < 20; i++) {
          String[] counts =
              rows(
                      reader,
                      "SELECT (SELECT COUNT(*) FROM t), (SELECT SUM(1) FROM t), (SELECT COUNT(*)"
                          + " FROM t FOR VERSION AS OF 'first') FROM (VALUES 0)")
                  .split(",");
          assertEquals(counts[0], counts[1]);
          assertEquals("1", counts[2]);
        }
      } finally {
        done.set(true);
        writer.join();
      }
      assertNull(failure.get());
    }
  }

  @Test
  void tagsAndBranchesOutliveWhatTheyWereMadeOf() throws Exception {
    try (Connection connection = connect()) {
      run(
          connection,
          "CREATE TABLE t AS SELECT 1 AS k",
          "CREATE TAG first ON t",
          "CREATE BRANCH dev ON t");
      for (int i = 2; i < 20; i++) {
        run(connection, "INSERT INTO t VALUES (" + i + ")");
      }
      run(
          connection,
          "DELETE FROM t WHERE k < 10",
          "OPTIMIZE t",
          "VACUUM t WITH (older_than_seconds = 0, delete_unverified = TRUE)");
      assertEquals("1", rows(connection, "SELECT k FROM t FOR VERSION AS OF 'first'"));
      assertEquals("1", rows(connection, "SELECT k FROM \"t:dev\""));
      run(connection, "INSERT INTO \"t:dev\" VALUES (77)", "DELETE FROM \"t:dev\" WHERE k = 1");
      assertEquals("77", rows(connection, "SELECT k FROM \"t:dev\""));
      assertEquals("10", rows(connection, "SELECT COUNT(*) FROM t"));
      assertEquals("1", rows(connection, "SELECT k FROM \"t:first\""));
    }
  }

  @Test
  void aBranchThatIsReadIsNotDropped() throws Exception {
    try (Connection connection = connect();
        Connection other = connect()) {
      run(
          connection,
          "SET batch_size = 1",
          "CREATE TABLE t AS SELECT * FROM (VALUES 1, 2, 3) AS v(k)",
          "CREATE BRANCH dev ON t",
          "INSERT INTO \"t:dev\" VALUES (4), (5)");
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT k FROM \"t:dev\"")) {
        assertTrue(rows.next());
        assertEquals("55006", failure(other, "DROP BRANCH dev ON t").getSQLState());
        assertEquals("2 3 4 5", text(rows));
      }
      run(other, "DROP BRANCH dev ON t");
      assertEquals("22023", failure(connection, "SELECT * FROM \"t:dev\"").getSQLState());
      assertEquals("1 2 3", rows(connection, "SELECT k FROM t"));
      run(other, "CREATE BRANCH dev ON t");
      assertEquals("1 2 3", rows(connection, "SELECT k FROM \"t:dev\""));
    }
  }

  /** A process that was killed between the two steps of CREATE BRANCH. */
  @Test
  void aBranchWhoseCreationWasCutOffCanBeCreated() throws Exception {
    try (Connection connection = connect()) {
      run(
          connection,
          "CREATE TABLE t AS SELECT 1 AS k",
          "CREATE BRANCH dev ON t",
          "INSERT INTO t VALUES (2)");
      Files.delete(folder.resolve("db/t.lance/_refs/branches/dev.json"));
      assertEquals("22023", failure(connection, "SELECT * FROM \"t:dev\"").getSQLState());
      run(connection, "CREATE BRANCH dev ON t");
      assertEquals("1 2", rows(connection, "SELECT k FROM \"t:dev\" ORDER BY k"));
    }
  }

  @Test
  void aPreparedStatementFollowsATagThatMoves() throws Exception {
    try (Connection connection = connect()) {
      run(
          connection,
          "CREATE TABLE t AS SELECT 1 AS k",
          "CREATE TAG x ON t",
          "INSERT INTO t VALUES (2)");
      try (PreparedStatement query =
          connection.prepareStatement("SELECT COUNT(*) FROM t FOR VERSION AS OF 'x'")) {
        try (ResultSet rows = query.executeQuery()) {
          assertEquals("1", text(rows));
        }
        run(connection, "CREATE OR REPLACE TAG x ON t");
        try (ResultSet rows = query.executeQuery()) {
          assertEquals("2", text(rows));
        }
        run(connection, "DROP TAG x ON t");
        assertEquals("22023", assertThrows(SQLException.class, query::executeQuery).getSQLState());
      }
    }
  }

  @Test
  void aTimeThatIsAParameterNeedsTheColumnsOfNow() throws Exception {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE t AS SELECT 1 AS k");
      Timestamp before = Timestamp.from(Instant.now());
      Thread.sleep(2);
      run(connection, "CREATE OR REPLACE TABLE t AS SELECT 1 AS k, 2 AS v");
      try (PreparedStatement query =
          connection.prepareStatement("SELECT * FROM t FOR SYSTEM_TIME AS OF ?")) {
        query.setTimestamp(1, Timestamp.from(Instant.now()));
        try (ResultSet rows = query.executeQuery()) {
          assertEquals("1,2", text(rows));
        }
        query.setTimestamp(1, before);
        SQLException failure = assertThrows(SQLException.class, query::executeQuery);
        assertEquals("22023", failure.getSQLState());
        assertTrue(failure.getMessage().contains("other columns"), failure.getMessage());
        query.setTimestamp(1, null);
        assertEquals("22023", assertThrows(SQLException.class, query::executeQuery).getSQLState());
      }
      // As a literal the time says which columns there are.
      String literal = before.toString();
      assertEquals(
          "1",
          rows(connection, "SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '" + literal + "'"));
    }
  }

  /** A version is found by its own time, however that is written, in every zone. */
  @Test
  void timesAreThoseOfTheWallClock() throws Exception {
    TimeZone usual = TimeZone.getDefault();
    try {
      for (String zone : List.of("UTC", "America/New_York", "Asia/Kolkata", "Pacific/Apia")) {
        TimeZone.setDefault(TimeZone.getTimeZone(zone));
        try (Connection connection = connect()) {
          run(connection, "CREATE OR REPLACE TABLE t AS SELECT 1 AS k");
          Thread.sleep(2);
          run(connection, "INSERT INTO t VALUES (2)");
          String newest =
              " FROM system.versions WHERE table_name = 't' ORDER BY version DESC LIMIT 1";
          String literal = rows(connection, "SELECT committed_at" + newest);
          String count = "SELECT COUNT(*) FROM t FOR SYSTEM_TIME AS OF ";
          assertEquals("2", rows(connection, count + "TIMESTAMP '" + literal + "'"), zone);
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT committed_at" + newest);
              PreparedStatement query = connection.prepareStatement(count + "?")) {
            assertTrue(row.next());
            Timestamp committed = row.getTimestamp(1);
            query.setTimestamp(1, committed);
            try (ResultSet rows = query.executeQuery()) {
              assertEquals("2", text(rows), zone);
            }
            query.setTimestamp(1, new Timestamp(committed.getTime() - 1));
            try (ResultSet rows = query.executeQuery()) {
              assertEquals("1", text(rows), zone);
            }
          }
        }
      }
    } finally {
      TimeZone.setDefault(usual);
    }
  }

  @Test
  void beforeTheFirstVersionThereIsNothing() throws Exception {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE t AS SELECT 1 AS k");
      SQLException failure =
          failure(
              connection, "SELECT * FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '1999-12-31 00:00:00'");
      assertEquals("22023", failure.getSQLState());
      assertTrue(
          failure
              .getMessage()
              .startsWith(
                  "table t has no version of 1999-12-31 00:00:00 or before: the first it has,"
                      + " version 1, is of 20"),
          failure.getMessage());
      assertEquals(
          "22023",
          failure(connection, "RESTORE TABLE t TO TIMESTAMP '1999-12-31 00:00:00'").getSQLState());
    }
  }

  @Test
  void namesThatLeadElsewhereTouchNothing() throws Exception {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE t AS SELECT 1 AS k", "CREATE TABLE other AS SELECT 2 AS k");
      Set<String> before = files();
      for (String name :
          List.of(
              "",
              ".",
              "..",
              "../x",
              "../../other.lance",
              "a/b",
              "/etc/passwd",
              "a\\b",
              "a:b",
              "a b",
              "a\nb",
              "a'b",
              "a\"b",
              "a..b",
              ".hidden",
              "x.lock",
              "%2e%2e",
              "\u00fc",
              "\u202e",
              "main",
              "1",
              "@2026-01-01 00:00:00",
              "'x'",
              "x".repeat(300))) {
        String text = "'" + name.replace("'", "''") + "'";
        String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
        for (String sql :
            List.of(
                "CREATE TAG " + text + " ON t",
                "CREATE BRANCH " + text + " ON t",
                "CREATE TAG " + quoted + " ON t",
                "DROP TAG " + text + " ON t",
                "DROP BRANCH " + text + " ON t",
                "RESTORE TABLE t TO TAG " + text,
                "INSERT INTO \"t:" + quoted.substring(1) + " VALUES (9)",
                "CREATE BRANCH x ON t FROM TAG " + text)) {
          try {
            run(connection, sql);
            // What is spelt as a version or a branch is one.
            assertTrue(Set.of("main", "1").contains(name), sql);
            assertFalse(sql.contains(" TAG '1'"), sql);
            run(connection, "DROP BRANCH IF EXISTS x ON t", "RESTORE TABLE t TO VERSION 1");
          } catch (SQLException e) {
            assertTrue(
                Set.of("22023", "42501", "42704", "42601", "25006", "42602")
                    .contains(e.getSQLState()),
                sql + " -> " + e.getSQLState() + " " + e.getMessage());
          }
        }
      }
      Set<String> after = files();
      after.removeIf(file -> file.startsWith("db/t.lance/") && !file.contains("/_refs/"));
      before.removeIf(file -> file.startsWith("db/t.lance/"));
      assertEquals(before, after);
      assertFalse(Files.exists(folder.resolve("db/t.lance/tree/x")));
    }
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      Set<String> names = new TreeSet<>();
      files
          .filter(Files::isRegularFile)
          .forEach(file -> names.add(folder.relativize(file).toString()));
      return names;
    }
  }

  @Test
  void aDamagedTableHidesNoOther() throws Exception {
    try (Connection connection = connect()) {
      run(connection, "CREATE TABLE a AS SELECT 1 AS k", "CREATE TABLE b AS SELECT 1 AS k");
      try (Stream<Path> manifests = Files.list(folder.resolve("db/b.lance/_versions"))) {
        for (Path manifest : manifests.toList()) {
          Files.write(manifest, new byte[100]);
        }
      }
    }
    try (Connection connection = connect()) {
      for (String table : List.of("versions", "tags", "branches", "fragments")) {
        rows(connection, "SELECT COUNT(*) FROM system." + table);
        assertEquals(
            "XX001",
            failure(connection, "SELECT * FROM system." + table + " WHERE table_name = 'b'")
                .getSQLState(),
            table);
      }
      assertEquals("a", rows(connection, "SELECT table_name FROM system.versions"));
    }
  }

  @Test
  void aTableThatIsAttachedReadOnlyKeepsItsHistory() throws Exception {
    try (Connection connection = connect()) {
      run(
          connection,
          "CREATE TABLE t AS SELECT 1 AS k",
          "CREATE TAG first ON t",
          "CREATE BRANCH dev ON t");
      Set<String> before = files();
      try (Connection other = DriverManager.getConnection("jdbc:bindsql:")) {
        run(other, "ATTACH '" + folder.resolve("db") + "' AS past READ ONLY");
        assertEquals("1", rows(other, "SELECT k FROM past.t FOR VERSION AS OF 'first'"));
        assertEquals("1", rows(other, "SELECT k FROM past.\"t:dev\""));
        for (String sql :
            List.of(
                "CREATE TAG x ON past.t",
                "DROP TAG first ON past.t",
                "CREATE BRANCH x ON past.t",
                "DROP BRANCH dev ON past.t",
                "RESTORE TABLE past.t TO VERSION 1",
                "INSERT INTO past.\"t:dev\" VALUES (2)")) {
          assertEquals("25006", failure(other, sql).getSQLState(), sql);
        }
      }
      assertEquals(before, files());
    }
  }
}
