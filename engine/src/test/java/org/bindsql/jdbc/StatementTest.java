package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.apache.calcite.jdbc.CalciteConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementTest {
  /** 1, 2, ..., 100 as a table expression. */
  private static final String HUNDRED =
      "(SELECT a.x * 10 + b.x AS x FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9))"
          + " AS a (x), (VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10)) AS b (x))";

  /** Statements that run for hours if nobody ends them. */
  private static final String NESTED_LOOP =
      "SELECT COUNT(*) FROM h AS a JOIN h AS b ON a.x = b.x OR a.x + 1 < b.x"
          + " JOIN h AS c ON a.x < c.x OR b.x > c.x JOIN h AS d ON c.x <> d.x OR a.x = 1"
          + " JOIN h AS e ON d.x <> e.x OR a.x = 2 JOIN h AS f ON e.x <> f.x OR b.x = 3";

  private static final String CROSS =
      "SELECT a.x FROM h AS a, h AS b, h AS c, h AS d, h AS e, h AS f ORDER BY a.x + f.x";

  private static final String RECURSION =
      "WITH RECURSIVE r (n) AS (SELECT 1 UNION ALL SELECT MOD(n, 10) + 1 FROM r) SELECT COUNT(*) FROM r";

  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:bindsql:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE h AS SELECT * FROM " + HUNDRED);
    }
  }

  @AfterEach
  void close() throws SQLException {
    connection.close(); // fails if off-heap memory leaked
  }

  private static void drain(ResultSet rows) throws SQLException {
    try (rows) {
      while (rows.next()) {
        rows.getObject(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {NESTED_LOOP, CROSS, RECURSION})
  void timeoutEndsTheStatement(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      SQLException e =
          assertTimeoutPreemptively(
              Duration.ofSeconds(60),
              () -> assertThrows(SQLException.class, () -> drain(statement.executeQuery(sql))));
      assertEquals("57014", e.getSQLState());
      assertTrue(String.valueOf(e.getMessage()).contains("timed out"), e.getMessage());
      statement.setQueryTimeout(0);
      drain(statement.executeQuery("SELECT 1 + x FROM h"));
    }
  }

  @Test
  void querySettingEndsTheStatement() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET query_timeout = 0.3");
      SQLException e =
          assertThrows(SQLException.class, () -> drain(statement.executeQuery(NESTED_LOOP)));
      assertEquals("57014", e.getSQLState());
    }
  }

  @Test
  void cancelFromAnotherThread() throws Exception {
    try (PreparedStatement statement = connection.prepareStatement(NESTED_LOOP)) {
      CountDownLatch started = new CountDownLatch(1);
      Thread canceller =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  started.await();
                  // The statement may not have begun yet: cancel until it is over.
                  while (!Thread.interrupted()) {
                    statement.cancel();
                    Thread.onSpinWait();
                  }
                } catch (InterruptedException | SQLException e) {
                  Thread.currentThread().interrupt();
                }
              });
      started.countDown();
      SQLException e = assertThrows(SQLException.class, () -> drain(statement.executeQuery()));
      canceller.interrupt();
      canceller.join();
      assertEquals("57014", e.getSQLState());
    }
  }

  @Test
  void preparedStatementsRunAgainWithOtherValues() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT COUNT(*) FROM h WHERE x > ? AND x <= ?")) {
      for (int low = 0; low < 100; low += 7) {
        statement.setObject(1, low);
        statement.setLong(2, low + 5L);
        try (ResultSet rows = statement.executeQuery()) {
          assertTrue(rows.next());
          assertEquals(Math.min(5, 100 - low), rows.getInt(1));
        }
      }
      statement.setNull(1, java.sql.Types.INTEGER);
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(0, rows.getInt(1));
      }
      assertEquals(2, statement.getParameterMetaData().getParameterCount());
    }
  }

  @Test
  void fingerprintParameters() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT hamming_distance(X'0F0F', ?), popcount(?)")) {
      statement.setBytes(1, new byte[] {0, 0});
      statement.setBinaryStream(2, new ByteArrayInputStream(new byte[] {-1}));
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(8, rows.getInt(1));
        assertEquals(8, rows.getInt(2));
      }
      statement.setBytes(1, new byte[] {0});
      assertEquals("22023", failure(statement).getSQLState());
    }
  }

  private static SQLException failure(PreparedStatement statement) {
    return assertThrows(SQLException.class, () -> drain(statement.executeQuery()));
  }

  @Test
  void bareParametersAnywhere() throws SQLException {
    for (String sql :
        new String[] {
          "SELECT MIN(hamming_distance(X'00FF', ?)) FROM h",
          "SELECT x FROM h ORDER BY hamming_distance(X'00FF', ?) + x LIMIT 1",
          "SELECT 1 + similarity(?, X'00FF') FROM h",
          "SELECT x FROM h WHERE hamming_distance(?, X'00FF') < 100"
        }) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setBytes(1, new byte[] {1, 2});
        drain(statement.executeQuery());
      }
    }
  }

  @Test
  void vectorsAsFloatArrays() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT l2_distance(CAST(? AS REAL ARRAY), CAST(? AS DOUBLE ARRAY))")) {
      statement.setObject(1, new float[] {0, 3});
      statement.setArray(2, connection.createArrayOf("DOUBLE", new Object[] {4.0, 0.0}));
      try (ResultSet rows = statement.executeQuery()) {
        assertTrue(rows.next());
        assertEquals(5, rows.getDouble(1), 1e-9);
      }
    }
  }

  @Test
  void limitParametersMustNotBeNegative() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT x FROM h ORDER BY x LIMIT ?")) {
      statement.setLong(1, -1);
      assertEquals("22023", failure(statement).getSQLState());
      statement.setByte(1, (byte) 0);
      try (ResultSet rows = statement.executeQuery()) {
        assertFalse(rows.next());
      }
    }
    try (Statement statement = connection.createStatement()) {
      assertEquals(
          "22023",
          assertThrows(SQLException.class, () -> statement.executeQuery("SELECT x FROM h LIMIT -1"))
              .getSQLState());
    }
  }

  @Test
  void wrappersAndSmallThings() throws SQLException {
    assertTrue(connection.isWrapperFor(Connection.class));
    assertTrue(connection.unwrap(CalciteConnection.class) instanceof CalciteConnection);
    assertTrue(connection.getAutoCommit());
    connection.setAutoCommit(false);
    connection.commit();
    connection.rollback();
    connection.setAutoCommit(true);
    assertEquals("main", connection.getSchema());
    assertEquals(
        "3F000",
        assertThrows(SQLException.class, () -> connection.setSchema("nowhere")).getSQLState());
    try (Statement statement = connection.createStatement()) {
      assertSame(connection, statement.getConnection());
      assertTrue(statement.execute("SELECT 1 + x FROM h"));
      try (ResultSet rows = statement.getResultSet()) {
        assertSame(statement, rows.getStatement());
      }
      try (ResultSet keys = statement.getGeneratedKeys()) {
        assertFalse(keys.next());
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("SET threads = 1");
      statement.addBatch("SET threads = 2");
      assertArrayEquals(new int[] {0, 0}, statement.executeBatch());
    }
    connection.close();
    assertTrue(connection.isClosed());
    assertFalse(connection.isValid(1));
    assertEquals(
        "08003", assertThrows(SQLException.class, connection::createStatement).getSQLState());
    connection.close();
  }

  @Test
  void resultSetsLeftOpenAreClosedWithTheConnection() throws SQLException {
    Statement statement = connection.createStatement();
    ResultSet rows = statement.executeQuery("SELECT x FROM h");
    assertTrue(rows.next());
  }

  @Test
  void overflowIsAnError() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      assertEquals(
          "22003",
          assertThrows(
                  SQLException.class,
                  () -> drain(statement.executeQuery("SELECT 2147483647 + x FROM h")))
              .getSQLState());
    }
  }

  /** A rule of Calcite's may lose every row of a condition with an unsatisfiable subquery. */
  @Test
  void unsatisfiableSubqueryUnderOr() throws SQLException {
    String where = " FROM h WHERE x > 0 OR x IN (SELECT x FROM h WHERE x >= 49 AND x <= 0)";
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*)" + where)) {
      assertTrue(rows.next());
      assertEquals(100, rows.getInt(1));
    }
  }
}
