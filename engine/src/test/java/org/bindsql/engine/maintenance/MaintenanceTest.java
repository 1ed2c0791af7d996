package org.bindsql.engine.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import org.bindsql.engine.Database;
import org.bindsql.engine.Setting;
import org.bindsql.engine.Settings;
import org.bindsql.lance.LanceSchema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Maintenance in the background, with a clock and rounds of the test's own. */
class MaintenanceTest {
  @TempDir Path folder;

  private Connection connection;
  private Database database;
  private final Settings settings = new Settings();
  private Instant now = Instant.now().plusSeconds(60);
  private Maintenance maintenance;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
    database = Database.open(folder.toString(), false);
    LanceSchema tables = new LanceSchema(database.location(), database.lance());
    maintenance = new Maintenance(tables, settings, () -> now);
    run("CREATE TABLE t AS SELECT 0 AS id, 'a' AS name");
  }

  @AfterEach
  void close() throws SQLException {
    maintenance.close();
    connection.close();
    database.close();
  }

  @Test
  void mergesSmallFragments() throws SQLException {
    insert(14);
    maintenance.round();
    assertEquals(15, fragments(), "below the threshold");
    insert(1);
    maintenance.round();
    assertEquals(1, fragments());
    assertEquals(16, number("SELECT COUNT(DISTINCT id) FROM t"));
    Object[] row = maintenance.rows().getFirst();
    assertEquals("t", row[1]);
    assertEquals(16L, row[4]);
    assertEquals(1L, row[5]);
    assertNull(row[9]);
    long version = version();
    maintenance.round();
    assertEquals(version, version(), "nothing to do");
  }

  @Test
  void leavesYoungTablesAloneUnlessThereIsMuchToDo() throws SQLException {
    now = Instant.now();
    insert(20);
    maintenance.round();
    assertEquals(21, fragments());
    settings.set(Setting.MAINTENANCE_FRAGMENTS, "2");
    maintenance.round();
    assertEquals(1, fragments());
  }

  @Test
  void doesNothingWhenSwitchedOff() throws SQLException {
    settings.set(Setting.MAINTENANCE, "OFF");
    insert(20);
    maintenance.round();
    assertEquals(21, fragments());
    assertTrue(maintenance.rows().isEmpty());
  }

  @Test
  void leavesLargeFragmentsAloneWhileSmallOnesCome() throws SQLException {
    String digits = "(VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS ";
    run(
        "INSERT INTO t SELECT a.x + 10 * b.x + 100 * c.x + 1000 * d.x, 'b' FROM "
            + (digits + "a(x), " + digits + "b(x), " + digits + "c(x), " + digits + "d(x)"));
    insert(20);
    maintenance.round();
    assertEquals(
        10_000,
        number("SELECT MAX(row_count) FROM system.fragments WHERE table_name = 't'"),
        "the large fragment is as it was");
    assertTrue(fragments() <= 3, fragments() + " fragments");
  }

  @Test
  void writesDeletionsOut() throws SQLException {
    run(
        "CREATE TABLE d AS SELECT a.x * 10 + b.x AS id FROM (VALUES 0,1,2,3,4,5,6,7,8,9) AS a(x),"
            + " (VALUES 0,1,2,3,4,5,6,7,8,9) AS b(x)");
    run("DELETE FROM d WHERE id >= 90");
    maintenance.round();
    assertEquals(10, number("SELECT SUM(deleted_rows) FROM system.fragments"));
    run("DELETE FROM d WHERE id < 10");
    maintenance.round();
    assertEquals(0, number("SELECT SUM(deleted_rows) FROM system.fragments"));
    assertEquals(80, number("SELECT COUNT(*) FROM d"));
  }

  @Test
  void bringsIndexesUpToDate() throws SQLException {
    run("CREATE INDEX i ON t (id)");
    insert(3);
    assertEquals(3, number("SELECT rows_unindexed FROM system.indexes"));
    maintenance.round();
    assertEquals(0, number("SELECT rows_unindexed FROM system.indexes"));
    assertEquals(4, fragments());
    assertEquals(3L, maintenance.rows().getFirst()[6]);
  }

  @Test
  void removesVersionsOfAnAge() throws SQLException {
    insert(3);
    maintenance.round();
    assertEquals(4, versions());
    now = now.plus(Duration.ofDays(13));
    maintenance.round();
    assertEquals(4, versions());
    now = now.plus(Duration.ofDays(2));
    maintenance.round();
    assertEquals(1, versions());
    assertEquals(3L, maintenance.rows().getFirst()[7]);
    assertEquals(4, number("SELECT COUNT(*) FROM t"));
  }

  @Test
  void keepsVersionsForEverIfToldSo() throws SQLException {
    settings.set(Setting.MAINTENANCE_RETENTION, "0");
    insert(3);
    now = now.plus(Duration.ofDays(1000));
    maintenance.round();
    assertEquals(4, versions());
  }

  @Test
  void notesWhatFailsAndGoesOn() throws Exception {
    insert(20);
    Path damaged = Files.createDirectories(folder.resolve("a.lance/_versions"));
    Files.write(damaged.resolve("1.manifest"), new byte[100]);
    maintenance.round();
    Object[] row = maintenance.rows().getFirst();
    assertEquals("a", row[1]);
    assertTrue(String.valueOf(row[9]).startsWith("XX001: "), String.valueOf(row[9]));
    assertEquals(1, fragments(), "the other table was looked after");
  }

  @Test
  void aRoundDoesNothingOnceClosed() throws SQLException {
    insert(20);
    maintenance.close();
    maintenance.round();
    assertEquals(21, fragments());
  }

  @Test
  void theThreadRunsRoundsAndEndsAtOnce() throws Exception {
    settings.set(Setting.MAINTENANCE_PAUSE, "1");
    insert(20);
    maintenance.start();
    for (int i = 0; i < 200 && fragments() > 1; i++) {
      Thread.sleep(50);
    }
    assertEquals(1, fragments());
    long start = System.nanoTime();
    maintenance.close();
    assertTrue(System.nanoTime() - start < 2_000_000_000L, "slow to end");
    assertFalse(maintenance.isRunning());
  }

  @Test
  void settingsAreSharedByTheConnectionsOfADatabase() throws SQLException {
    run("SET maintenance = 'off'");
    try (Connection other =
        DriverManager.getConnection("jdbc:bindsql:path=" + folder + ";maintenance.pause=7")) {
      assertEquals("off", setting(other, "maintenance"));
    }
    assertEquals("off", setting(connection, "maintenance"));
    assertEquals("7", setting(connection, "maintenance.pause"));
    run("RESET maintenance");
    assertEquals("on", setting(connection, "maintenance"));
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT \"value\" FROM system.settings WHERE name = '" + name + "'")) {
      rows.next();
      return rows.getString(1);
    }
  }

  private void insert(int times) throws SQLException {
    long first = number("SELECT COUNT(*) FROM t");
    for (int i = 0; i < times; i++) {
      run("INSERT INTO t VALUES (" + (first + i) + ", 'n')");
    }
  }

  private long fragments() throws SQLException {
    return number("SELECT COUNT(*) FROM system.fragments WHERE table_name = 't'");
  }

  private long versions() throws SQLException {
    return number("SELECT COUNT(*) FROM system.versions WHERE table_name = 't'");
  }

  private long version() throws SQLException {
    return number("SELECT MAX(version) FROM system.versions WHERE table_name = 't'");
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
