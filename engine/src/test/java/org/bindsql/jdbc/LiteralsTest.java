package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Literals arrive as they are written, however many, and whatever their characters. */
class LiteralsTest {
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:bindsql:");
    statement = connection.createStatement();
    statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  @Test
  void insertsRowsThatNoJavaMethodCouldHold() throws SQLException {
    String rows =
        IntStream.range(0, 6000)
            .mapToObj(i -> "(" + i + ", 'v" + i + "')")
            .collect(Collectors.joining(","));
    assertEquals(6000, statement.executeUpdate("INSERT INTO t VALUES " + rows));
    assertEquals("17997000", one("SELECT SUM(id) FROM t"));
    assertEquals("v5999", one("SELECT v FROM t WHERE id = 5999"));
  }

  @Test
  void keepsCarriageReturnsAfterLineFeeds() throws SQLException {
    statement.execute("INSERT INTO t VALUES (1, 'x\n\ry'), (2, 'b')");
    assertEquals("x\n\ry", one("SELECT v FROM t WHERE id = 1"));
    assertEquals("\n\rx\n\ry", one("SELECT '\n\r' || v FROM t WHERE id = 1"));
    assertEquals("q\n\r\n\r", one("SELECT CASE WHEN id = 1 THEN 'q\n\r\n\r' ELSE v END FROM t"));
    assertEquals("1", one("SELECT id FROM t WHERE UPPER(v) IN ('A', 'X\n\rY', 'C', 'D')"));
    assertEquals("\uE000\n\r", one("SELECT v || '\uE000\n\r' FROM (VALUES ('')) AS w (v)"));
  }

  private String one(String sql) throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
