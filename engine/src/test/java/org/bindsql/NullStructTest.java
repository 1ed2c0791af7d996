package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What docs/sql-reference.md says of NULL structs in Lance tables. The first cases are wrong
 * answers of lance-core 7.0.0: when they are right with a newer one, they and the text change.
 */
class NullStructTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    // Every row of the batch is NULL, and the struct has narrow and wide fields: NULL gets lost.
    "SELECT COUNT(*) FROM t WHERE id = 5 AND s IS NULL, 0",
    "SELECT s IS NULL FROM t WHERE id = 5, false",
    "SELECT s IS NULL FROM t WHERE id > 4 AND id < 7, false",
    // All else is right.
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
}
