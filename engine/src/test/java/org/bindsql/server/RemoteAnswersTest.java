package org.bindsql.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteAnswersTest {
  private static BindServer server;
  private static Connection local;
  private static Connection remote;

  @BeforeAll
  static void start(@TempDir Path folder) throws SQLException {
    server = BindServer.start(ServerConfig.forDatabase(folder.toString()).withPort(0));
    local = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
    remote = DriverManager.getConnection(server.clientUrl());
  }

  @AfterAll
  static void stop() throws SQLException {
    remote.close();
    local.close();
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "VALUES (1, CAST(2 AS BIGINT), CAST(3 AS SMALLINT), CAST(4 AS TINYINT))",
        "VALUES (1.5, CAST(2.25 AS DOUBLE), CAST(0.1 AS REAL), CAST(0.1 AS FLOAT))",
        "VALUES ('x', CAST('pad' AS CHAR(5)), CAST('äöü €' AS VARCHAR))",
        "VALUES (DATE '2024-02-29', TIME '12:34:56', TIMESTAMP '1969-12-31 23:59:59')",
        "VALUES (TRUE, FALSE, CAST(NULL AS BOOLEAN))",
        "VALUES (X'00FF80', CAST(X'0102' AS VARBINARY), CAST(NULL AS BINARY(2)))",
        "VALUES (CAST(NULL AS INTEGER), CAST(NULL AS DOUBLE), CAST(NULL AS VARCHAR))",
        "VALUES (CAST(NULL AS DATE), CAST(NULL AS TIMESTAMP), CAST(NULL AS DECIMAL(5,2)))",
        "VALUES (9223372036854775807, -9223372036854775808, 12345678901234567.89)",
        "SELECT ARRAY[1, 2, 3], ARRAY['a', CAST(NULL AS VARCHAR)]",
        "SELECT ARRAY[CAST(1.5 AS DOUBLE)]",
        "SELECT ROW(1, 'x')",
        "SELECT CAST(ROW(0.5, 0.25) AS ROW(f REAL, c REAL))",
        "SELECT CAST(NULL AS ROW(f REAL, c REAL))",
        "SELECT nars_deduction(0.5, 0.5, 0.5, 1.0), nars_truth(fingerprint_of('x'))",
        "SELECT fingerprint_of('x'), hamming_distance(X'00FF', X'0F0F'), similarity(X'00', X'01')",
        "SELECT INTERVAL '3' DAY, INTERVAL '2-3' YEAR TO MONTH",
        "SELECT * FROM (VALUES (1)) AS t(x) WHERE x > 1",
        "SELECT CAST('NaN' AS DOUBLE), CAST('Infinity' AS DOUBLE)"
      })
  void sameAnswerAsInProcess(String sql) throws SQLException {
    try (Statement here = local.createStatement();
        Statement there = remote.createStatement();
        PreparedStatement preparedHere = local.prepareStatement(sql);
        PreparedStatement preparedThere = remote.prepareStatement(sql)) {
      assertEquals(Answers.all(here.executeQuery(sql)), Answers.all(there.executeQuery(sql)));
      assertEquals(
          Answers.all(preparedHere.executeQuery()), Answers.all(preparedThere.executeQuery()));
    }
  }

  @Test
  void mapIsGivenAsItsText() throws SQLException {
    String sql = "SELECT MAP['k', 1]";
    try (Statement here = local.createStatement();
        Statement there = remote.createStatement();
        ResultSet inProcess = here.executeQuery(sql);
        ResultSet rows = there.executeQuery(sql)) {
      assertTrue(inProcess.next());
      assertTrue(rows.next());
      assertEquals(inProcess.getString(1), rows.getString(1));
      assertEquals("{k=1}", rows.getObject(1));
    }
  }
}
