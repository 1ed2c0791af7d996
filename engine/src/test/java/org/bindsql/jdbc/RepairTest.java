package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The procedures on damaged and unsynced tables. */
class RepairTest {
  @TempDir Path folder;

  @BeforeEach
  void createTable() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER)");
      statement.executeUpdate("INSERT INTO t VALUES (1)");
      statement.executeUpdate("INSERT INTO t VALUES (2)");
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:bindsql:path=" + folder);
  }

  private void emptyNewestManifest() throws IOException {
    emptyNewestManifest("t.lance");
  }

  private void emptyNewestManifest(String table) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(table).resolve("_versions"))) {
      // Names count down from the greatest number.
      Files.write(
          files.filter(f -> f.toString().endsWith(".manifest")).sorted().findFirst().orElseThrow(),
          new byte[0]);
    }
  }

  @Test
  void theErrorNamesTheSchemaOfTheTable() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA \"o's\"");
      statement.execute("CREATE TABLE \"o's\".t (id INTEGER)");
      statement.execute("INSERT INTO \"o's\".t VALUES (1)");
    }
    emptyNewestManifest("o's/t.lance");
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      SQLException e =
          assertThrows(SQLException.class, () -> statement.executeQuery("SELECT * FROM \"o's\".t"));
      String call = "CALL system.repair_table('o''s', 't')";
      assertTrue(String.valueOf(e.getMessage()).contains(call), e.getMessage());
      statement.execute(call);
      try (ResultSet rows = statement.executeQuery("SELECT * FROM \"o's\".t")) {
        assertFalse(rows.next());
      }
    }
  }

  @Test
  void repairNamedByTheErrorMakesTheTableReadable() throws Exception {
    emptyNewestManifest();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      SQLException e =
          assertThrows(SQLException.class, () -> statement.executeQuery("SELECT * FROM t"));
      assertEquals("XX001", e.getSQLState());
      assertTrue(
          String.valueOf(e.getMessage()).contains("CALL system.repair_table('main', 't')"),
          e.getMessage());
      e = assertThrows(SQLException.class, () -> statement.executeQuery("DESCRIBE t"));
      assertEquals("XX001", e.getSQLState());
      try (ResultSet done = statement.executeQuery("CALL system.repair_table('t')")) {
        assertTrue(done.next());
        assertEquals(1, done.getLong("versions_lost"));
        assertEquals(done.getLong("newest_lost") - 1, done.getLong("current_version"));
      }
      try (ResultSet rows = statement.executeQuery("SELECT id FROM t")) {
        assertTrue(rows.next());
        assertEquals(1, rows.getInt(1));
      }
      SQLException fine =
          assertThrows(
              SQLException.class,
              () -> statement.executeQuery("CALL system.repair_table('main', 't')"));
      assertEquals("22023", fine.getSQLState());
    }
  }

  @Test
  void withoutAnyManifestNothingIsRepaired() throws Exception {
    try (Stream<Path> files = Files.list(folder.resolve("t.lance/_versions"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder.resolve("t.lance/_versions"));
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      SQLException e =
          assertThrows(
              SQLException.class, () -> statement.executeQuery("CALL system.repair_table('t')"));
      assertEquals("XX001", e.getSQLState());
      assertTrue(String.valueOf(e.getMessage()).contains("no manifest"), e.getMessage());
    }
  }

  @Test
  void syncAndUnknownProcedures() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      assertEquals(0, statement.executeUpdate("CALL system.sync_table('t')"));
      SQLException e =
          assertThrows(SQLException.class, () -> statement.execute("CALL system.nothing('t')"));
      assertEquals("42883", e.getSQLState());
      e = assertThrows(SQLException.class, () -> statement.execute("CALL repair_table('t')"));
      assertEquals("42883", e.getSQLState());
      e = assertThrows(SQLException.class, () -> statement.execute("CALL system.sync_table(1)"));
      assertEquals("22023", e.getSQLState());
      e = assertThrows(SQLException.class, () -> statement.execute("CALL system.sync_table('u')"));
      assertEquals("42P01", e.getSQLState());
    }
  }

  @Test
  void durabilityIsASetting() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET durable = false");
      assertEquals(1, statement.executeUpdate("INSERT INTO t VALUES (3)"));
      SQLException e = assertThrows(SQLException.class, () -> statement.execute("SET durable = 2"));
      assertEquals("22023", e.getSQLState());
    }
  }
}
