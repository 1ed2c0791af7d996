package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A statement that fails keeps no memory: the database, closed after it, ends at zero. */
class FailureLeakTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "25006 | DELETE FROM bindspace.surface WHERE addr = 1792",
        "25006 | UPDATE bindspace.surface SET rung = 1 WHERE addr < 2000",
        "22P02 | SELECT addr FROM bindspace.surface WHERE CAST(label AS INTEGER) = 1",
        "22P02 | SELECT CAST(label AS INTEGER) FROM bindspace.surface",
        "22012 | SELECT 1 / (addr - 1792) FROM bindspace.surface",
        "22012 | SELECT SUM(1 / (addr - 1792)) FROM bindspace.surface GROUP BY zone",
        "22023 | SELECT addr FROM bindspace.surface ORDER BY hamming(fingerprint, X'00') LIMIT 3",
        "22023 | SELECT addr FROM bindspace.surface WHERE ani_level(fingerprint, 9) = 1",
        "21000 | SELECT (SELECT addr FROM bindspace.surface) FROM bindspace.surface",
        "23505 | INSERT INTO bindspace.fluid (addr, fingerprint) SELECT 4096, fingerprint FROM bindspace.surface"
      })
  void databaseClosesAtZero(String sqlState, String sql) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:bindsql:");
    try (Statement statement = connection.createStatement()) {
      SQLException failure =
          assertThrows(
              SQLException.class,
              () -> {
                if (statement.execute(sql)) {
                  try (ResultSet rows = statement.getResultSet()) {
                    while (rows.next()) {
                      rows.getObject(1);
                    }
                  }
                }
              });
      assertEquals(sqlState, failure.getSQLState(), failure.getMessage());
    }
    connection.close(); // throws if the allocator is not at zero
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "3"})
  void resultsLeftUnreadCloseAtZero(int read) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:bindsql:");
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT a.addr FROM bindspace.surface AS a, bindspace.surface AS b"
                    + " WHERE a.addr < b.addr")) {
      for (int i = 0; i < read; i++) {
        rows.next();
      }
    }
    connection.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1000 | SELECT addr FROM bindspace.surface ORDER BY hamming(fingerprint, text_fingerprint('x')) LIMIT 3",
        "100000 | SELECT * FROM bindspace.surface ORDER BY label"
      })
  void exhaustedMemoryNamesTheSettingAndClosesAtZero(long limit, String sql) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:bindsql:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET memory_limit = " + limit);
      SQLException failure =
          assertThrows(
              SQLException.class,
              () -> {
                try (ResultSet rows = statement.executeQuery(sql)) {
                  while (rows.next()) {
                    rows.getObject(1);
                  }
                }
              });
      assertEquals("53400", failure.getSQLState(), failure.getMessage());
      assertTrue(
          String.valueOf(failure.getMessage()).contains("memory_limit"), failure.getMessage());
    }
    connection.close(); // throws if the allocator is not at zero
  }
}
