package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * NULL structs of Lance tables in statements whose filter Lance applies. Left to itself lance-core
 * 7.0.0 loses those of batches in which every row is NULL, if they have narrow and wide fields.
 */
class NullStructTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "SELECT COUNT(*) FROM t WHERE id = 5 AND s IS NULL, 1",
    "SELECT COUNT(*) FROM t WHERE id = 3 AND s IS NULL, 0",
    "SELECT s IS NULL FROM t WHERE id = 5, true",
    "SELECT s IS NULL FROM t WHERE id > 4 AND id < 7, true",
    "SELECT s IS NULL FROM t EXTEND (_rowoffset BIGINT) WHERE id = 5 AND _rowoffset = 2, true",
    "SELECT COUNT(*) FROM (SELECT s FROM t WHERE id > 3 LIMIT 3) WHERE s IS NULL, 2",
    "SELECT s IS NULL FROM t WHERE id > 3 AND id < 7 ORDER BY id DESC LIMIT 1, true",
    "SELECT n IS NULL FROM t WHERE id = 5, true",
    "SELECT w IS NULL FROM t WHERE id = 5, true",
    "SELECT COUNT(*) FROM t WHERE s IS NULL, 5"
  })
  void aFilteredBatchOfNullStructs(String sql, String expected) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE t (id INTEGER, s ROW(a INTEGER, b VARCHAR), n ROW(a INTEGER, c INTEGER),"
              + " w ROW(b VARCHAR, c VARCHAR))");
      statement.execute(
          "INSERT INTO t VALUES (3, ROW(3, 'b'), ROW(3, 3), ROW('b', 'c')),"
              + " (4, ROW(4, 'b'), ROW(4, 4), ROW('b', 'c'))");
      statement.execute("INSERT INTO t (id) VALUES (5), (6), (7), (8), (9)");
      statement.execute("OPTIMIZE t"); // one fragment
      try (ResultSet rows = statement.executeQuery(sql)) {
        rows.next();
        assertEquals(expected, rows.getString(1));
      }
    }
  }

  @Test
  void anUpdateKeepsThem() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER, s ROW(a INTEGER, b VARCHAR))");
      statement.execute("INSERT INTO t (id) VALUES (1), (2), (3)");
      statement.execute("UPDATE t SET id = 7 WHERE id = 2");
      try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t WHERE s IS NULL")) {
        rows.next();
        assertEquals(3, rows.getInt(1));
      }
    }
  }
}
