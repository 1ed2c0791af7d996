package org.bindsql.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteAnswersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "VALUES (1, CAST(2 AS BIGINT), CAST(3 AS SMALLINT), CAST(4 AS TINYINT))",
        "VALUES (1.5, CAST(2.25 AS DOUBLE), CAST(0.1 AS REAL), CAST(0.1 AS FLOAT))",
        "VALUES ('x', CAST('pad' AS CHAR(5)), CAST('text' AS VARCHAR))",
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
        "SELECT INTERVAL '3' DAY, INTERVAL '2-3' YEAR TO MONTH",
        "SELECT * FROM (VALUES (1)) AS t(x) WHERE x > 1",
        "SELECT CAST('NaN' AS DOUBLE), CAST('Infinity' AS DOUBLE)"
      })
  void sameAnswerAsInProcess(String sql) throws Exception {
    Properties none = new Properties();
    try (BindServer server =
            BindServer.start(ServerConfig.forUrl("jdbc:calcite:", none).withPort(0));
        Connection local = DriverManager.getConnection("jdbc:calcite:");
        Connection remote = DriverManager.getConnection(server.clientUrl())) {
      assertEquals(
          Answers.all(local.createStatement().executeQuery(sql)),
          Answers.all(remote.createStatement().executeQuery(sql)));
      assertEquals(
          Answers.all(local.prepareStatement(sql).executeQuery()),
          Answers.all(remote.prepareStatement(sql).executeQuery()));
    }
  }
}
