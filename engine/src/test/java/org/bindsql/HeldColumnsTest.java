package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Narrow columns of the rows found come from memory once they were wanted before, and are what a
 * take from the table says.
 */
class HeldColumnsTest {
  private static final int WIDTH = 8;

  private static final List<String> COLUMNS =
      List.of("id", "tiny", "small", "price", "ratio", "score", "born", "woken", "seen", "guid");

  @TempDir Path folder;
  private final Random random = new Random(20_261_121);

  private Connection open(String options) throws SQLException {
    return DriverManager.getConnection("jdbc:bindsql:maintenance=off;path=" + folder + options);
  }

  private void create(Statement statement) throws SQLException {
    statement.execute(
        "CREATE TABLE t (id BIGINT NOT NULL, tiny TINYINT, small INTEGER, price DECIMAL(20, 3),"
            + " ratio REAL, score DOUBLE, born DATE, woken TIME, seen TIMESTAMP, guid BINARY(16),"
            + " label VARCHAR, flag BOOLEAN, wide BINARY(17), code BINARY("
            + WIDTH
            + "))");
  }

  private void insert(Connection connection, int from, int to) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO t (id, %s, label, flag, wide, code) VALUES (?%s)"
                .formatted(String.join(", ", COLUMNS.subList(1, 10)), ", ?".repeat(13)))) {
      for (int i = from; i < to; i++) {
        insert.setLong(1, i);
        for (int column = 2; column <= 13; column++) {
          insert.setObject(column, random.nextInt(5) == 0 ? null : value(column, i));
        }
        insert.setBytes(14, bytes(WIDTH));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private Object value(int column, int i) {
    return switch (column) {
      case 2 -> (byte) i;
      case 3 -> -i;
      case 4 -> java.math.BigDecimal.valueOf(random.nextLong() >> 16, 3);
      case 5 -> i / 3f;
      case 6 -> i / 7d;
      case 7 -> java.sql.Date.valueOf("2026-01-%02d".formatted(1 + i % 31));
      case 8 -> java.sql.Time.valueOf("10:%02d:%02d".formatted(i / 60 % 60, i % 60));
      case 9 -> new java.sql.Timestamp(1_700_000_000_000L + i * 1_000L);
      case 10 -> bytes(16);
      case 11 -> "label " + i;
      case 12 -> i % 2 == 0;
      default -> bytes(17);
    };
  }

  private byte[] bytes(int width) {
    byte[] bytes = new byte[width];
    random.nextBytes(bytes);
    return bytes;
  }

  private static List<List<String>> rows(
      Connection connection, String columns, byte[] query, int limit) throws SQLException {
    try (PreparedStatement search =
        connection.prepareStatement(
            "SELECT %s, hamming_distance(code, ?) AS d FROM t ORDER BY d LIMIT %d"
                .formatted(columns, limit))) {
      search.setBytes(1, query);
      List<List<String>> rows = new ArrayList<>();
      try (ResultSet result = search.executeQuery()) {
        while (result.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            row.add(result.getString(i));
          }
          rows.add(row);
        }
      }
      return rows;
    }
  }

  private static List<String> held(Statement statement) throws SQLException {
    List<String> held = new ArrayList<>();
    try (ResultSet result =
        statement.executeQuery(
            "SELECT column_name FROM system.fingerprint_cache WHERE column_name <> 'code'"
                + " ORDER BY column_name")) {
      while (result.next()) {
        held.add(result.getString(1));
      }
    }
    return held;
  }

  /** Compares what a search says of some columns with what a scan says. */
  private void compare(Connection held, Connection taken, String columns) throws SQLException {
    for (int limit : new int[] {1, 10, 400}) {
      byte[] query = bytes(WIDTH);
      assertEquals(rows(taken, columns, query, limit), rows(held, columns, query, limit), columns);
    }
  }

  @Test
  void valuesAreThoseOfTheTableWhateverHappensToIt() throws SQLException {
    try (Connection held = open("");
        Statement statement = held.createStatement();
        Connection taken = open(";planner=reference")) {
      create(statement);
      insert(held, 0, 300);
      for (String change :
          List.of(
              "SELECT 1",
              "DELETE FROM t WHERE id IN (3, 4, 5, 100, 299)",
              "UPDATE t SET small = 1000000 + id, guid = NULL WHERE MOD(id, 10) = 7",
              "ALTER TABLE t ADD COLUMN extra INTEGER",
              "ALTER TABLE t RENAME COLUMN extra TO more",
              "OPTIMIZE t",
              "DELETE FROM t WHERE id < 280")) {
        statement.execute(change);
        insert(held, 1000, 1020);
        compare(held, taken, String.join(", ", COLUMNS));
        for (String column : COLUMNS) {
          compare(held, taken, column);
        }
        compare(held, taken, "id, label, flag, wide");
      }
      List<String> expected = new ArrayList<>(COLUMNS);
      expected.sort(null);
      assertEquals(expected, held(statement));
    }
  }

  @Test
  void aColumnIsReadWhenItIsWantedAgain() throws SQLException {
    try (Connection connection = open("");
        Statement statement = connection.createStatement()) {
      create(statement);
      insert(connection, 0, 50);
      rows(connection, "id", bytes(WIDTH), 5);
      assertEquals(List.of(), held(statement));
      rows(connection, "id", bytes(WIDTH), 5);
      assertEquals(List.of("id"), held(statement));
    }
  }

  @Test
  void nothingGoesForThem() throws SQLException {
    try (Connection connection = open(";fingerprint_cache=600");
        Statement statement = connection.createStatement()) {
      create(statement);
      insert(connection, 0, 60);
      byte[] query = bytes(WIDTH);
      List<List<String>> first = rows(connection, "id", query, 60);
      assertEquals(first, rows(connection, "id", query, 60));
      assertEquals(first, rows(connection, "id", query, 60));
      assertEquals(List.of(), held(statement), "60 x 8 bytes are used by the fingerprints");
      try (ResultSet result =
          statement.executeQuery(
              "SELECT bytes FROM system.fingerprint_cache WHERE column_name = 'code'")) {
        assertTrue(result.next());
      }
    }
  }

  @Test
  void changesAreSeenAtOnce() throws SQLException {
    try (Connection reader = open("");
        Connection writer = open("");
        Statement change = writer.createStatement()) {
      create(change);
      insert(writer, 0, 40);
      byte[] query = bytes(WIDTH);
      for (int i = 0; i < 4; i++) {
        change.execute("UPDATE t SET small = " + i);
        for (List<String> row : rows(reader, "small", query, 40)) {
          assertEquals("" + i, row.getFirst());
        }
      }
    }
  }
}
