package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * MERGE and ON CONFLICT that look up their source's keys, against a connection that reads all rows.
 */
class KeyLookupTest {
  private static final String ROWS =
      """
      SELECT CASE WHEN n >= 0 THEN CAST(n AS BIGINT) END AS k, CASE WHEN MOD(n, 7) = 0 THEN NULL ELSE MOD(n, 50) END AS k2,
        CASE WHEN MOD(n, 11) = 0 THEN NULL ELSE 'é' || CAST(MOD(n, 90) AS VARCHAR) END AS s, n AS v
      FROM (SELECT a.x + 10 * b.x + 100 * c.x AS n FROM d AS a, d AS b, d AS c) AS i
      """;

  @TempDir Path folder;
  private Connection lookup;
  private Connection all;

  @BeforeEach
  void open() throws SQLException {
    lookup = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
    all = DriverManager.getConnection("jdbc:bindsql:planner=reference;path=" + folder);
    run(lookup, "CREATE TABLE d AS SELECT * FROM (VALUES 0, 1, 2, 3, 4, 5, 6, 7, 8, 9) AS v(x)");
    run(lookup, "CREATE TABLE one AS " + ROWS);
    run(lookup, "CREATE TABLE other AS SELECT * FROM one");
    run(lookup, "CREATE TABLE few AS SELECT * FROM one WHERE k < 0");
  }

  /** Closing the last connection fails if off-heap memory leaked. */
  @AfterEach
  void close() throws SQLException {
    lookup.close();
    all.close();
  }

  private static int run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          text.append(rows.getString(i)).append(' ');
        }
        text.append('\n');
      }
    }
    return text.toString();
  }

  /** Runs a change of {@code one} here, the same of {@code other} there, and compares. */
  private void duel(String sql) throws SQLException {
    assertTrue(text(lookup, "EXPLAIN PLAN FOR " + sql).contains("JoinKeyNotes"), sql);
    String twin = sql.replace("INTO one", "INTO other").replace("one.", "other.");
    assertFalse(text(all, "EXPLAIN PLAN FOR " + twin).contains("JoinKeyNotes"));
    assertEquals(run(all, twin), run(lookup, sql), sql);
    String order = " ORDER BY k, k2, s, v";
    assertEquals(
        text(all, "SELECT * FROM other" + order), text(all, "SELECT * FROM one" + order), sql);
  }

  @Test
  void lookupChangesTheSameRows() throws SQLException {
    Random random = new Random(5);
    for (String condition :
        new String[] {
          "one.k = s.k",
          "one.k2 = s.k2 AND one.k = s.k",
          "one.s = s.s AND one.k = s.k",
          "one.s = s.s AND one.v = s.v + 1",
          "one.k = s.k AND one.v > 400"
        }) {
      run(lookup, "DELETE FROM few");
      run(lookup, "INSERT INTO few SELECT * FROM one WHERE MOD(k, 37) = " + random.nextInt(37));
      run(lookup, "INSERT INTO few VALUES (NULL, 3, 'x', 1), (5000, NULL, NULL, 2)");
      duel(
          "MERGE INTO one USING few AS s ON "
              + condition
              + " WHEN MATCHED AND one.v < 100 THEN DELETE"
              + " WHEN MATCHED THEN UPDATE SET v = one.v + 1000"
              + " WHEN NOT MATCHED THEN INSERT VALUES (s.k, s.k2, s.s, -1)");
      duel("MERGE INTO one USING few AS s ON " + condition + " WHEN MATCHED THEN UPDATE SET v = 7");
    }
  }

  @Test
  void sourceWithoutRowsOrWithoutKeysChangesNothingButInserts() throws SQLException {
    String merge =
        "MERGE INTO one USING few AS s ON one.k = s.k WHEN MATCHED THEN DELETE"
            + " WHEN NOT MATCHED THEN INSERT VALUES (s.k, s.k2, s.s, s.v)";
    duel(merge);
    run(lookup, "INSERT INTO few VALUES (NULL, 1, 'a', 1), (NULL, 2, 'b', 2)");
    duel(merge);
  }

  @Test
  void sourceOfManyKeysReadsAllRows() throws SQLException {
    run(lookup, "INSERT INTO few SELECT k * 2, k2, s, v FROM one");
    run(lookup, "INSERT INTO few SELECT k * 2 + 1, k2, s, v FROM one WHERE k < 100");
    duel(
        "MERGE INTO one USING few AS s ON one.k = s.k WHEN MATCHED THEN UPDATE SET v = s.v"
            + " WHEN NOT MATCHED THEN INSERT VALUES (s.k, s.k2, s.s, s.v)");
  }

  @Test
  void rowsOfConflictAreFound() throws SQLException {
    run(lookup, "CREATE INDEX one_k ON one (k) USING BTREE");
    run(lookup, "DELETE FROM one WHERE MOD(k, 3) = 0");
    run(lookup, "DELETE FROM other WHERE MOD(k, 3) = 0");
    duel(
        "INSERT INTO one (k, s, v) VALUES (1, 'new', 1), (3, 'new', 3), (5000, 'new', 2)"
            + " ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v + 100000");
    duel("INSERT INTO one VALUES (10, 1, 'é10', 0), (9, 9, 'x', 9) ON CONFLICT (s) DO NOTHING");
  }

  @Test
  void eachRunLooksUpItsOwnKeys() throws SQLException {
    lookup.setAutoCommit(false);
    try (PreparedStatement upsert =
        lookup.prepareStatement(
            "INSERT INTO one (k, v) VALUES (?, ?) ON CONFLICT (k) DO UPDATE SET v = EXCLUDED.v")) {
      for (long k : new long[] {5, 998, 5, 7000, 7000}) {
        upsert.setLong(1, k);
        upsert.setLong(2, -k);
        assertEquals(1, upsert.executeUpdate());
      }
      for (long k : new long[] {6, 998, 7001, 6}) {
        upsert.setLong(1, k);
        upsert.setLong(2, -k - 1);
        upsert.addBatch();
      }
      assertEquals(4, upsert.executeBatch().length);
    }
    lookup.commit();
    lookup.setAutoCommit(true);
    assertEquals("1002 \n", text(all, "SELECT COUNT(*) FROM one"));
    assertEquals(
        "5 -5 é5 \n6 -7 é6 \n998 -999 é8 \n7000 -7000 null \n7001 -7002 null \n",
        text(all, "SELECT k, v, s FROM one WHERE v < 0 ORDER BY k"));
  }
}
