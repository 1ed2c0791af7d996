package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of failure with its SQLState and the message that a user reads. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorsTest {
  private Connection connection;

  @BeforeAll
  void open(@TempDir Path folder) throws SQLException {
    connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE emp AS SELECT * FROM (VALUES (1, 'Ann', 10), (2, 'Bob', 20)) AS t (id, name, dept)");
      statement.execute(
          "CREATE TABLE dept AS SELECT * FROM (VALUES (10, 'Sales')) AS t (id, title)");
    }
  }

  @AfterAll
  void close() throws SQLException {
    connection.close();
  }

  static List<Arguments> failures() {
    return List.of(
        Arguments.of(
            "SELECT * FORM emp",
            "42601",
            "syntax error: Encountered \"emp\" at line 1, column 15."),
        Arguments.of(
            "SELECT * FROM emp WHERE",
            "42601",
            "syntax error: Encountered \"<EOF>\" at line 1, column 23."),
        Arguments.of(
            "SELECT * FROM nothing", "42P01", "Object 'nothing' not found (line 1, column 15)"),
        Arguments.of(
            "SELECT * FROM nowhere.emp", "42P01", "Object 'nowhere' not found (line 1, column 15)"),
        Arguments.of(
            "SELECT salary FROM emp",
            "42703",
            "Column 'salary' not found in any table (line 1, column 8)"),
        Arguments.of(
            "SELECT e.salary\nFROM emp AS e",
            "42703",
            "Column 'salary' not found in table 'e' (line 1, column 10)"),
        Arguments.of(
            "SELECT no_such_function(1)",
            "42883",
            "No match found for function signature no_such_function(<NUMERIC>) (line 1, column 8)"),
        Arguments.of(
            "SELECT 1 + DATE '2020-01-01'",
            "42804",
            "Cannot apply '+' to arguments of type '<INTEGER> + <DATE>'. Supported form(s): '<NUMERIC> + <NUMERIC>'"),
        Arguments.of(
            "SELECT id FROM emp AS a JOIN dept AS b ON a.dept = b.id",
            "42702",
            "Column 'id' is ambiguous (line 1, column 8)"),
        Arguments.of(
            "SELECT dept, name FROM emp GROUP BY dept",
            "42803",
            "Expression 'name' is not being grouped (line 1, column 14)"),
        Arguments.of("SELECT 1 / (id - 1) FROM emp", "22012", "division by zero"),
        Arguments.of("SELECT CAST(name AS INTEGER) FROM emp", "22P02", "not a number: 'Ann'"),
        Arguments.of("SELECT CAST(name AS BOOLEAN) FROM emp", "22P02", "not a boolean: 'Ann'"),
        Arguments.of(
            "SELECT SUBSTRING(name FROM 1 FOR -id) FROM emp",
            "22011",
            "Substring error: negative substring length not allowed"),
        Arguments.of(
            "SELECT " + "(".repeat(1_000_000) + "1" + ")".repeat(1_000_000),
            "54001",
            "statement too complex"),
        Arguments.of(
            "SELECT id" + " + 1".repeat(20_000) + " FROM emp", "54001", "statement too complex"),
        Arguments.of("SELECT id + 2147483647 FROM emp", "22003", "integer overflow"),
        Arguments.of(
            "SELECT CAST(id * 100 AS TINYINT) FROM emp ORDER BY id DESC",
            "22003",
            "Value 200 out of range"),
        Arguments.of(
            "SELECT (SELECT id FROM emp)",
            "21000",
            "a subquery that is used as a value returned more than one row"),
        Arguments.of(
            "SELECT id FROM emp LIMIT -1", "22023", "LIMIT cannot be negative (line 1, column 26)"),
        Arguments.of(
            "SELECT id FROM emp LIMIT 5 OFFSET -2",
            "22023",
            "OFFSET cannot be negative (line 1, column 35)"),
        Arguments.of(
            "SELECT hamming_distance(X'00', X'0000')",
            "22023",
            "hamming_distance: codes differ in length: 1 and 2 bytes"),
        Arguments.of(
            "SELECT hamming_distance(X'00')",
            "42883",
            "No match found for function signature HAMMING_DISTANCE(<BINARY>) (line 1, column 8)"),
        Arguments.of(
            "SELECT schema_passes(CAST(X'00' AS VARBINARY), '{bad')",
            "42601",
            "schema_passes: invalid JSON at line 1, column 2: Unexpected character ('b' (code 98)): was expecting double-quote to start field ..."),
        Arguments.of("CREATE TABLE emp AS SELECT 1 AS x", "42P07", "table 'main.emp' exists"),
        Arguments.of(
            "CREATE TABLE x AS SELECT 1 AS a, 2 AS A",
            "22023",
            "two columns are named 'A'; give one an alias"),
        Arguments.of(
            "CREATE TABLE x AS SELECT NULL AS a",
            "42804",
            "column 'a' is NULL of no type; say which: CAST(NULL AS VARCHAR)"),
        Arguments.of(
            "CREATE TABLE system.x AS SELECT 1 AS a",
            "42501",
            "schema 'system' has a fixed set of tables; create and drop tables in 'main'"),
        Arguments.of(
            "CREATE TABLE \"../x\" AS SELECT 1 AS a",
            "42501",
            "table name '../x' cannot be stored in a folder: it must not be empty, begin with '.', end with '.' or ' ', or contain '/', '\\', ':' or control characters"),
        Arguments.of("DROP TABLE nothing", "42P01", "no table 'main.nothing'"),
        Arguments.of(
            "DROP TABLE system.settings",
            "42501",
            "schema 'system' has a fixed set of tables; create and drop tables in 'main'"),
        Arguments.of("DESCRIBE nothing", "42P01", "no table 'main.nothing'"),
        Arguments.of("SHOW TABLES FROM nowhere", "3F000", "no schema 'nowhere'"),
        Arguments.of(
            "SET nothing = 1",
            "22023",
            "unknown setting 'nothing'; the settings are hdr.recall, hdr.first, query_timeout, memory_limit, max_rows, threads, retry_timeout, plan_cache, batch_size, durable"),
        Arguments.of(
            "SET hdr.recall = 1.5",
            "22023",
            "setting 'hdr.recall' cannot be '1.5': expected smallest share of the true nearest rows, above 0 and at most 1"),
        Arguments.of(
            "SET threads = many",
            "22023",
            "setting 'threads' cannot be 'many': expected threads of one operator, 0 for one per processor"),
        Arguments.of(
            "INSERT INTO information_schema.tables VALUES ('a', 'b', 'c', 'd')",
            "0A000",
            "'information_schema.tables' cannot be changed by INSERT"),
        Arguments.of(
            "UPSERT INTO dept VALUES (10, 'x')",
            "0A000",
            "UPSERT is not supported: write INSERT ... ON CONFLICT (columns) DO UPDATE SET ..."),
        Arguments.of(
            "INSERT INTO dept VALUES (?, 'x')",
            "07001",
            "the statement has 1 parameter without a value: prepare it, or write values instead of ?"),
        Arguments.of(
            "ALTER TABLE dept ADD COLUMN n INTEGER AS (?)",
            "07001",
            "the statement has 1 parameter without a value: prepare it, or write values instead of ?"),
        Arguments.of(
            "SELECT ?",
            "42804",
            "the type of this parameter cannot be told: write CAST(? AS type) (line 1, column 8)"),
        Arguments.of(
            "UPDATE dept SET id = SUM(id)",
            "42803",
            "Aggregate expression is illegal here; use a subquery"),
        Arguments.of(
            "UPDATE dept SET id = (SELECT id FROM emp)",
            "21000",
            "a subquery that is used as a value returned more than one row"),
        Arguments.of(
            "SELECT * FROM dept FOR SYSTEM_TIME AS OF 5",
            "42804",
            "The system time period specification expects Timestamp type but is 'INTEGER' (line 1, column 42)"),
        Arguments.of(
            "USE dept",
            "42601",
            "syntax error: neither a statement nor a query begins like this (line 1, column 1)"),
        Arguments.of("CREATE SCHEMA main", "42P06", "schema 'main' exists"),
        Arguments.of(
            "CREATE TABLE v (a VECTOR(99999999999))",
            "42601",
            "syntax error: '99999999999' is too large: expected at most 2147483647 (line 1, column 26)"),
        Arguments.of(
            "CREATE TABLE v (a INTEGER) WITH (stable_row_ids = true, stable_row_ids = false)",
            "22023",
            "option 'stable_row_ids' is given twice (line 1, column 57)"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void stateAndMessage(String sql, String state, String message) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      SQLException e =
          assertThrows(
              SQLException.class,
              () -> {
                statement.execute(sql);
                try (ResultSet rows = statement.getResultSet()) {
                  while (rows.next()) {
                    rows.getObject(1);
                  }
                }
              });
      assertEquals(state, e.getSQLState(), e.getMessage());
      assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
    }
  }

  @Test
  void callsOnResultSets() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT id, name FROM emp")) {
      fails("24000", "no current row: next() has not been called", () -> rows.getInt(1));
      assertTrue(rows.next());
      fails("42703", "column 'nope' not found", () -> rows.getInt("nope"));
      fails("42703", "column 'nope' not found", () -> rows.getString("nope"));
      fails("22P02", "cannot read the column as long: its values are text", () -> rows.getInt(2));
      fails("07006", "cannot read the column as Date: its values are int", () -> rows.getDate(1));
      while (rows.next()) {
        rows.getInt(1);
      }
      fails("24000", "no current row: the result set is at its end", () -> rows.getString(2));
      rows.close();
      fails("HY010", "ResultSet closed", rows::next);
      statement.close();
      fails("HY010", "Statement closed", () -> statement.executeQuery("SELECT 1"));
    }
    Connection other = DriverManager.getConnection("jdbc:bindsql:");
    other.close();
    fails("08003", "connection is closed", other::createStatement);
  }

  private static void fails(String state, String message, Executable call) {
    SQLException e = assertThrows(SQLException.class, call);
    assertEquals(state, e.getSQLState(), e.getMessage());
    assertEquals(message, e.getMessage());
  }
}
