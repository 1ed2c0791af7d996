package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prepared statements whose tables' columns are changed by another connection. */
class PreparedTest {
  @TempDir Path folder;
  private Connection one;
  private Connection two;

  @BeforeEach
  void open() throws SQLException {
    one = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
    two = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
    alter("CREATE TABLE t AS SELECT * FROM (VALUES (1, 10), (2, 20), (3, 30)) AS v(id, n)");
  }

  /** Closing the last connection fails if off-heap memory leaked. */
  @AfterEach
  void close() throws SQLException {
    one.close();
    two.close();
  }

  private void alter(String sql) throws SQLException {
    try (Statement statement = two.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static String rows(PreparedStatement statement) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join(" ", row));
      }
    }
    return String.join(", ", rows);
  }

  private String table(String columns) throws SQLException {
    try (PreparedStatement all =
        two.prepareStatement("SELECT " + columns + " FROM t ORDER BY id")) {
      return rows(all);
    }
  }

  @Test
  void queryRunsAfterColumnsWereAddedDroppedAndReordered() throws SQLException {
    try (PreparedStatement query =
            one.prepareStatement("SELECT id, n + ? AS m FROM t WHERE id > ? ORDER BY id");
        PreparedStatement count = one.prepareStatement("SELECT COUNT(*) FROM t");
        PreparedStatement nested =
            one.prepareStatement("SELECT MAX(n) FROM t WHERE n < (SELECT AVG(n) FROM t) + 5")) {
      query.setInt(1, 1);
      query.setInt(2, 1);
      assertEquals("2 21, 3 31", rows(query));
      alter("ALTER TABLE t ADD COLUMN s VARCHAR");
      assertEquals("2 21, 3 31", rows(query));
      assertEquals("3", rows(count));
      assertEquals("20", rows(nested));
      alter("INSERT INTO t VALUES (4, 40, 'x')");
      assertEquals("2 21, 3 31, 4 41", rows(query));
      alter("DROP TABLE t");
      alter("CREATE TABLE t AS SELECT * FROM (VALUES ('a', 7, 1)) AS v(s, n, id)");
      query.setInt(2, 0);
      assertEquals("1 8", rows(query));
      assertEquals("1", rows(count));
      assertEquals("7", rows(nested));
    }
  }

  @Test
  void queryWhoseResultWouldHaveOtherColumnsIsRefused() throws SQLException {
    try (PreparedStatement all = one.prepareStatement("SELECT * FROM t ORDER BY id");
        PreparedStatement n = one.prepareStatement("SELECT n FROM t ORDER BY id")) {
      alter("ALTER TABLE t ADD COLUMN s VARCHAR");
      assertEquals("0A000", assertThrows(SQLException.class, () -> rows(all)).getSQLState());
      alter("ALTER TABLE t DROP COLUMN s");
      assertEquals("1 10, 2 20, 3 30", rows(all));
      alter("ALTER TABLE t RENAME COLUMN n TO m");
      assertEquals("42703", assertThrows(SQLException.class, () -> rows(n)).getSQLState());
      alter("ALTER TABLE t RENAME COLUMN m TO n");
      assertEquals("10, 20, 30", rows(n));
    }
  }

  @Test
  void changesRunAfterColumnsWereChanged() throws SQLException {
    try (PreparedStatement insert = one.prepareStatement("INSERT INTO t (id, n) VALUES (?, ?)");
        PreparedStatement update = one.prepareStatement("UPDATE t SET n = n + ? WHERE id = ?");
        PreparedStatement delete = one.prepareStatement("DELETE FROM t WHERE id = ?");
        PreparedStatement merge =
            one.prepareStatement(
                "MERGE INTO t USING (VALUES (CAST(? AS INT), CAST(? AS INT))) AS s(id, n)"
                    + " ON t.id = s.id"
                    + " WHEN MATCHED THEN UPDATE SET n = s.n"
                    + " WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, s.n)")) {
      alter("ALTER TABLE t ADD COLUMN s VARCHAR");
      alter("UPDATE t SET s = 'old'");
      set(insert, 4, 40);
      set(update, 5, 1);
      set(merge, 2, 22);
      delete.setInt(1, 3);
      for (PreparedStatement each : List.of(insert, update, delete, merge)) {
        assertEquals(1, each.executeUpdate());
      }
      assertEquals("1 15 old, 2 22 old, 4 40 null", table("id, n, s"));
      alter("ALTER TABLE t DROP COLUMN s");
      alter("ALTER TABLE t ALTER COLUMN n SET DATA TYPE BIGINT");
      insert.setInt(1, 5);
      insert.setLong(2, 1L << 40);
      insert.addBatch();
      insert.setInt(1, 6);
      insert.setLong(2, 60);
      insert.addBatch();
      assertEquals(2, insert.executeBatch().length);
      set(merge, 4, 44);
      assertEquals(1, merge.executeUpdate());
      assertEquals("1 15, 2 22, 4 44, 5 1099511627776, 6 60", table("id, n"));
    }
  }

  private static void set(PreparedStatement statement, int first, int second) throws SQLException {
    statement.setInt(1, first);
    statement.setInt(2, second);
  }

  @Test
  void transactionThatReadTheTableBeforeKeepsItsColumns() throws SQLException {
    try (PreparedStatement query = one.prepareStatement("SELECT id, n FROM t ORDER BY id")) {
      one.setAutoCommit(false);
      assertEquals("1 10, 2 20, 3 30", rows(query));
      alter("ALTER TABLE t ADD COLUMN s VARCHAR");
      alter("DELETE FROM t WHERE id = 1");
      assertEquals("1 10, 2 20, 3 30", rows(query));
      one.commit();
      assertEquals("2 20, 3 30", rows(query));
      one.rollback();
    }
  }

  @Test
  void lateralQueryTakesItsLimitFromParameters() throws SQLException {
    String sql =
        "SELECT a.id, x.id FROM t AS a, LATERAL (SELECT b.id FROM t AS b WHERE b.n >= a.n"
            + " ORDER BY b.n LIMIT ? OFFSET ?) AS x ORDER BY 1, 2";
    try (PreparedStatement query = one.prepareStatement(sql)) {
      set(query, 1, 0);
      assertEquals("1 1, 2 2, 3 3", rows(query));
      set(query, 2, 1);
      assertEquals("1 2, 1 3, 2 3", rows(query));
      set(query, 0, 0);
      assertEquals("", rows(query));
    }
    try (PreparedStatement query = one.prepareStatement(sql.replace(" OFFSET ?", ""))) {
      query.setInt(1, 1);
      assertEquals("1 1, 2 2, 3 3", rows(query));
      query.setInt(1, 5);
      assertEquals("1 1, 1 2, 1 3, 2 2, 2 3, 3 3", rows(query));
    }
  }
}
