package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogTest {
  @TempDir Path folder;

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : "|").append(result.getString(i));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  @Test
  void createTableAsAndSearchIt() throws SQLException {
    String url = "jdbc:bindsql:path=" + folder.resolve("db");
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertEquals(
          3,
          statement.executeUpdate(
              "CREATE TABLE codes AS SELECT * FROM (VALUES (1, X'0000'), (2, X'00FF'), (3, X'FFFF'))"
                  + " AS t (id, code)"));
      assertEquals(
          List.of("1|0000", "2|00FF", "3|FFFF"),
          rows(statement, "SELECT id, code FROM codes ORDER BY id"));
      try (PreparedStatement nearest =
          connection.prepareStatement(
              "SELECT id, hamming_distance(code, ?) AS d FROM Codes ORDER BY d LIMIT ?")) {
        nearest.setBytes(1, new byte[] {0, 1});
        nearest.setInt(2, 2);
        try (ResultSet result = nearest.executeQuery()) {
          assertTrue(result.next());
          assertEquals(1, result.getInt(1));
          assertTrue(result.next());
          assertEquals(7, result.getInt(2));
          assertArrayEquals(new byte[0], new byte[0]);
        }
      }
      assertEquals(
          "42P07",
          assertThrows(
                  SQLException.class,
                  () -> statement.execute("CREATE TABLE CODES AS SELECT 1 AS x"))
              .getSQLState());
      assertEquals(0, statement.executeUpdate("CREATE TABLE IF NOT EXISTS codes AS SELECT 1 AS x"));
      assertEquals(
          1, statement.executeUpdate("CREATE OR REPLACE TABLE codes AS SELECT 1 AS x, 'a' AS y"));
      assertEquals(List.of("1|a"), rows(statement, "SELECT * FROM main.codes"));
      statement.executeUpdate("DROP TABLE codes");
      statement.executeUpdate("DROP TABLE IF EXISTS codes");
      assertEquals(
          "42P01",
          assertThrows(SQLException.class, () -> statement.execute("DROP TABLE codes"))
              .getSQLState());
    }
  }

  @Test
  void readOnlyConnectionsDoNotWrite() throws SQLException {
    String url = "jdbc:bindsql:path=" + folder;
    try (Connection writer = DriverManager.getConnection(url);
        Connection connection = DriverManager.getConnection(url + ";readOnly=true");
        Statement statement = connection.createStatement()) {
      writer.createStatement().executeUpdate("CREATE TABLE t AS SELECT 1 AS x");
      assertTrue(connection.isReadOnly());
      assertEquals(List.of("1"), rows(statement, "SELECT x FROM t"));
      for (String sql :
          new String[] {
            "CREATE TABLE u AS SELECT 1 AS x", "DROP TABLE t", "DROP TABLE IF EXISTS u"
          }) {
        assertEquals(
            "25006",
            assertThrows(SQLException.class, () -> statement.execute(sql)).getSQLState(),
            sql);
      }
    }
  }

  @Test
  void catalogTables() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT 1 AS a, CAST(NULL AS VARCHAR) AS b, X'00' AS c");
      assertEquals(
          List.of("a|INTEGER|NO|null|null", "b|VARCHAR|YES|null|null", "c|BINARY(1)|NO|null|null"),
          rows(statement, "DESCRIBE t"));
      assertEquals(List.of("main|t|BASE TABLE"), rows(statement, "SHOW TABLES FROM main"));
      assertEquals(
          List.of("bindspace", "information_schema", "main", "system"),
          rows(statement, "SELECT schema_name FROM information_schema.schemata ORDER BY 1"));
      statement.execute("SET hdr.recall = 0.99");
      assertEquals(
          List.of("0.99|1.0"),
          rows(
              statement,
              "SELECT \"value\", default_value FROM system.settings WHERE name = 'hdr.recall'"));
      assertEquals(
          List.of("1"),
          rows(
              statement,
              "SELECT COUNT(*) FROM information_schema.functions"
                  + " WHERE function_name = 'hamming_distance'"));
      assertEquals(List.of("0"), rows(statement, "SELECT COUNT(*) FROM bindspace.nodes"));
    }
  }

  @Test
  void explainAnalyzeCounts() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT * FROM (VALUES (1), (2), (3)) AS t (a)");
      String plan =
          rows(statement, "EXPLAIN ANALYZE SELECT a FROM t WHERE a > 1 ORDER BY a DESC").getFirst();
      assertTrue(plan.contains("rows=2"), plan);
      assertTrue(plan.contains("time="), plan);
      String explained = rows(statement, "EXPLAIN PLAN FOR SELECT a FROM t").getFirst();
      assertTrue(explained.contains("ArrowTableScan"), explained);
      assertEquals(explained, rows(statement, "EXPLAIN SELECT a FROM t").getFirst());
      assertTrue(!explained.contains("Probe"), explained);
    }
  }
}
