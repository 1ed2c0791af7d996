package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.AllTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever {@code memory_limit} stops, and wherever: the statement fails with 53400 or succeeds,
 * the next one runs, and the database closes with its memory at zero.
 */
class MemoryLimitTest {
  private static final int ROWS = 500;
  private static final List<Long> LIMITS =
      List.of(1L, 100L, 1_000L, 5_000L, 10_000L, 30_000L, 100_000L, 300_000L, 1_000_000L);

  private static final List<String> STATEMENTS =
      List.of(
          "SELECT * FROM t",
          "SELECT * FROM t WHERE id < 250",
          "SELECT COUNT(*), MAX(id) FROM t",
          "SELECT * FROM t ORDER BY id DESC",
          "SELECT label, COUNT(*) FROM f GROUP BY label",
          "SELECT a.addr FROM f AS a JOIN f AS b ON a.label = b.label",
          "SELECT addr, label FROM f ORDER BY hamming(fingerprint, text_fingerprint('x')) LIMIT 3",
          "SELECT addr FROM f WHERE addr > 2000"
              + " ORDER BY hamming(fingerprint, text_fingerprint('x')) LIMIT 300",
          "CREATE TABLE made AS SELECT * FROM t",
          "INSERT INTO u SELECT * FROM t",
          "UPDATE u SET id = -id",
          "DELETE FROM u WHERE id > 10",
          "COPY t TO '%s/t%d.csv'",
          "COPY f TO '%s/f%d.parquet'",
          "COPY f TO '%s/f%d.arrow'",
          "SELECT * FROM '%s/g.parquet'",
          "SELECT * FROM '%s/g.arrow'",
          "CREATE TABLE made AS SELECT * FROM '%s/g.parquet'");

  @TempDir Path folder;

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:bindsql:batchSize=64;path=" + folder);
  }

  private void makeTables() throws SQLException {
    AllTypes.write(folder, "t", ROWS, 5);
    AllTypes.write(folder, "u", ROWS, 5);
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE f AS SELECT addr, label, fingerprint FROM bindspace.surface");
      statement.execute("COPY f TO '" + folder + "/g.parquet'");
      statement.execute("COPY f TO '" + folder + "/g.arrow'");
    }
  }

  @Test
  void statementsStopAtTheLimitAndKeepNothing() throws SQLException {
    makeTables();
    for (String template : STATEMENTS) {
      int failures = 0;
      for (long limit : LIMITS) {
        String sql = template.formatted(folder, limit);
        Connection connection = connect();
        try (Statement statement = connection.createStatement()) {
          statement.execute("SET memory_limit = " + limit);
          try {
            run(statement, sql);
          } catch (SQLException e) {
            assertEquals("53400", e.getSQLState(), () -> sql + " within " + limit + ": " + e);
            failures++;
          }
          statement.execute("SET memory_limit = 0");
          statement.execute("DROP TABLE IF EXISTS made");
          run(statement, "SELECT * FROM t");
        }
        close(connection, sql + " within " + limit);
      }
      assertTrue(failures > 0 || template.startsWith("SELECT COUNT"), template);
    }
  }

  @Test
  void arrowBatchesStopAtTheLimitAndKeepNothing() throws Exception {
    makeTables();
    for (long limit : LIMITS) {
      Connection connection = connect();
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET memory_limit = " + limit);
        BindConnection arrow = connection.unwrap(BindConnection.class);
        try (ArrowReader rows = arrow.executeArrow("SELECT * FROM t")) {
          while (rows.loadNextBatch()) {
            assertTrue(rows.getVectorSchemaRoot().getRowCount() > 0);
          }
        } catch (SQLException e) {
          assertEquals("53400", e.getSQLState(), e.getMessage());
        } catch (Exception e) {
          assertTrue(String.valueOf(e).contains("memory_limit"), String.valueOf(e));
        }
      }
      close(connection, "executeArrow within " + limit);
    }
  }

  private static void run(Statement statement, String sql) throws SQLException {
    if (statement.execute(sql)) {
      try (ResultSet rows = statement.getResultSet()) {
        while (rows.next()) {
          rows.getObject(1);
        }
      }
    }
  }

  /** Throws if the allocator is not at zero. */
  private static void close(Connection connection, String after) {
    try {
      connection.close();
    } catch (SQLException | RuntimeException e) {
      throw new AssertionError("after " + after, e);
    }
  }
}
