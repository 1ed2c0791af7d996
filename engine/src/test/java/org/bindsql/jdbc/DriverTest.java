package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriverTest {
  @TempDir Path folder;

  private static String text(SQLException e) {
    return String.valueOf(e.getMessage());
  }

  private static SQLException fails(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement()) {
      return assertThrows(
          SQLException.class,
          () -> {
            try (ResultSet rows = statement.executeQuery(sql)) {
              while (rows.next()) {
                rows.getObject(1);
              }
            }
          });
    }
  }

  @Test
  void standardSqlRuns() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT a, COUNT(*) AS n FROM (VALUES (1), (2), (2)) AS t (a) GROUP BY a ORDER BY a")) {
      assertTrue(rows.next());
      assertTrue(rows.next());
      assertEquals(2, rows.getInt("a"));
      assertEquals(2, rows.getLong("N"));
      assertEquals("a", rows.getMetaData().getColumnLabel(1));
    }
  }

  @Test
  void binaryIsBytesAndHex() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT X'00FF', CAST(NULL AS VARBINARY)")) {
      assertTrue(rows.next());
      assertEquals("00FF", rows.getString(1));
      assertArrayEquals(new byte[] {0, -1}, rows.getBytes(1));
      assertArrayEquals(new byte[] {0, -1}, (byte[]) rows.getObject(1));
      assertEquals(null, rows.getString(2));
      assertTrue(rows.wasNull());
    }
  }

  @Test
  void syntaxErrorsHaveStateAndPosition() throws SQLException {
    SQLException e = fails("SELECT *\nFORM t");
    assertEquals("42601", e.getSQLState());
    assertTrue(text(e).contains("line 2, column"), e.getMessage());
    assertTrue(!text(e).contains("Was expecting"), e.getMessage());
  }

  @Test
  void namesThatAreNotThere() throws SQLException {
    assertEquals("42P01", fails("SELECT * FROM nothing").getSQLState());
    assertEquals("42703", fails("SELECT b FROM (VALUES (1)) AS t (a)").getSQLState());
    assertEquals("42883", fails("SELECT no_such_function(1)").getSQLState());
    assertEquals("42804", fails("SELECT 1 + DATE '2020-01-01'").getSQLState());
  }

  @Test
  void failuresWhileRowsAreRead() throws SQLException {
    assertEquals("22012", fails("SELECT 1 / (x - 1) FROM (VALUES (1)) AS t (x)").getSQLState());
    assertEquals(
        "22P02",
        fails("SELECT CAST(x AS INTEGER) FROM (VALUES ('1'), ('x')) AS t (x)").getSQLState());
  }

  @Test
  void longParametersOfLimitAndOffset() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:");
        PreparedStatement statement =
            connection.prepareStatement(
                "SELECT x FROM (VALUES (1), (2), (3)) AS t (x) ORDER BY x LIMIT ? OFFSET ?")) {
      statement.setLong(1, 1);
      statement.setShort(2, (short) 2);
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(3, rows.getInt(1));
      }
      statement.setLong(1, 1L << 40);
      assertEquals(
          "22003", assertThrows(SQLException.class, statement::executeQuery).getSQLState());
    }
  }

  @Test
  void unknownPropertiesAreRefused() {
    for (String key :
        new String[] {"model", "schemaFactory", "parserFactory", "typeSystem", "fun", "lex"}) {
      SQLException inUrl =
          assertThrows(
              SQLException.class, () -> DriverManager.getConnection("jdbc:bindsql:" + key + "=x"));
      assertEquals("22023", inUrl.getSQLState());
      assertTrue(text(inUrl).contains("'" + key + "'"), inUrl.getMessage());
      assertTrue(text(inUrl).contains("readOnly"), inUrl.getMessage());
      Properties properties = new Properties();
      properties.setProperty(key, "x");
      assertEquals(
          "22023",
          assertThrows(
                  SQLException.class,
                  () -> DriverManager.getConnection("jdbc:bindsql:", properties))
              .getSQLState());
    }
  }

  @Test
  void connectionsToOneFolderShareTheDatabase() throws SQLException {
    String url = "jdbc:bindsql:path=" + folder.resolve("data");
    try (Connection first = DriverManager.getConnection(url);
        Connection second = DriverManager.getConnection(url)) {
      assertTrue(first.isValid(1));
      assertTrue(second.isValid(1));
    }
    assertTrue(Files.isDirectory(folder.resolve("data")));
  }

  @Test
  void settingsChangeAndReset() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:max_rows=2");
        Statement statement = connection.createStatement()) {
      assertEquals(0, statement.executeUpdate("SET hdr.recall = 0.9999"));
      assertEquals(
          "22023",
          assertThrows(SQLException.class, () -> statement.execute("SET hdr.recall = 2"))
              .getSQLState());
      assertEquals(
          "22023",
          assertThrows(SQLException.class, () -> statement.execute("SET nothing = 2"))
              .getSQLState());
      String three = "SELECT x FROM (VALUES (1), (2), (3)) AS t (x)";
      try (ResultSet rows = statement.executeQuery(three)) {
        assertTrue(rows.next());
        assertTrue(rows.next());
        assertEquals("53400", assertThrows(SQLException.class, rows::next).getSQLState());
      }
      statement.execute("SET max_rows = 3");
      try (ResultSet rows = statement.executeQuery(three)) {
        assertTrue(rows.next());
      }
    }
  }

  @Test
  void cachesAreOfTheDatabaseAndSetAsItIsOpened() throws SQLException {
    String url = "jdbc:bindsql:path=" + folder.resolve("cached");
    try (Connection first = DriverManager.getConnection(url + ";lance.index_cache=64MB");
        Statement statement = first.createStatement()) {
      statement.execute("CREATE TABLE t AS SELECT 1 AS x");
      assertEquals(
          "42501",
          assertThrows(SQLException.class, () -> statement.execute("SET lance.index_cache = 1"))
              .getSQLState());
      try (Connection second = DriverManager.getConnection(url);
          Statement other = second.createStatement();
          ResultSet rows =
              other.executeQuery(
                  "SELECT \"value\" FROM system.settings WHERE name = 'lance.index_cache'")) {
        assertTrue(rows.next());
        assertEquals("67108864", rows.getString(1));
      }
      String different = url + ";lance.index_cache=1MB";
      assertEquals(
          "22023",
          assertThrows(SQLException.class, () -> DriverManager.getConnection(different))
              .getSQLState());
      assertEquals(
          "22023",
          assertThrows(
                  SQLException.class,
                  () -> DriverManager.getConnection(url + ";lance.metadata_cache=-1"))
              .getSQLState());
    }
  }
}
