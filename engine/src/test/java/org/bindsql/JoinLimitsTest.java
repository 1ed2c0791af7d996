package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joins by distance whose answers, or whose queries, do not all fit in memory at a time. */
class JoinLimitsTest {
  @TempDir Path folder;

  private Connection connect(int count) throws SQLException {
    Random random = new Random(7);
    List<LanceFixture.Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] code = ByteBuffer.allocate(Long.BYTES).putLong(random.nextLong()).array();
      rows.add(new LanceFixture.Row(i, code, i % 100, null));
    }
    LanceFixture.write(folder, "t", Long.BYTES, rows);
    return DriverManager.getConnection("jdbc:bindsql:path=" + folder);
  }

  @Test
  void tenThousandQueriesFindHundredRowsEach() throws SQLException {
    int queries = 10_000;
    try (Connection connection = connect(queries);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "SELECT COUNT(*), COUNT(CASE WHEN x.id = q.id AND x.d = 0 THEN 1 END)"
                    + " FROM t AS q, LATERAL (SELECT id, hamming_distance(t.code, q.code) AS d"
                    + " FROM t ORDER BY d LIMIT 100) AS x")) {
      assertTrue(result.next());
      assertEquals(100L * queries, result.getLong(1));
      assertEquals(queries, result.getLong(2), "every row is the nearest of itself");
    }
  }

  @Test
  void groupsAreHalvedUntilTheirPairsFit() throws SQLException {
    try (Connection connection = connect(2_500);
        Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery(
                "EXPLAIN ANALYZE SELECT 1 FROM t AS a JOIN t AS b"
                    + " ON hamming_distance(a.code, b.code) <= 64")) {
      assertTrue(result.next());
      String plan = result.getString(1);
      assertTrue(plan.contains("HdrCascadeJoin"), plan);
      assertTrue(plan.contains("rows=6250000"), plan); // more than are held at a time
      assertTrue(!plan.contains("passes=1,"), plan);
    }
  }

  @Test
  void readersThatStopEarlyLeakNothing() throws SQLException {
    try (Connection connection = connect(1_000);
        Statement statement = connection.createStatement()) {
      for (String sql :
          List.of(
              "SELECT a.id FROM t AS a JOIN t AS b ON hamming_distance(a.code, b.code) <= 20 LIMIT 3",
              "SELECT q.id, x.id FROM t AS q LEFT JOIN LATERAL (SELECT id FROM t"
                  + " ORDER BY hamming_distance(t.code, q.code) LIMIT 2) AS x ON TRUE LIMIT 3")) {
        try (ResultSet result = statement.executeQuery(sql)) {
          assertTrue(result.next());
        }
      }
    } // which fails if memory is still held
  }
}
