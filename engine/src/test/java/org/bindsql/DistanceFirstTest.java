package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches that look for the nearest rows first, and then filter them; and what they count. */
class DistanceFirstTest {
  private static final int ROWS = 20_000;
  private static final String NEAREST =
      "SELECT id, hamming_distance(code, X'0000000000000000') AS d FROM t ";

  @TempDir Path folder;
  private final List<LanceFixture.Row> rows = new ArrayList<>();

  /** A quarter of the bits is set. Nine rows in ten, the nearest to zero, are in bucket 1. */
  @BeforeEach
  void create() {
    Random random = new Random(20_261_120);
    for (int i = 0; i < ROWS; i++) {
      long code = random.nextLong();
      code &= random.nextLong();
      int bucket = Long.bitCount(code) < 21 ? 1 : 0;
      rows.add(
          new LanceFixture.Row(
              i,
              i % 500 == 3 ? null : ByteBuffer.allocate(8).putLong(code).array(),
              bucket,
              i % 7 == 0 ? null : "tag" + i % 5));
    }
    LanceFixture.write(folder, "t", 8, rows);
  }

  private Connection open(String first) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:bindsql:path=" + folder + ";maintenance=off;hdr.first=" + first);
  }

  private static List<String> answer(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(sql)) {
      return read(found);
    }
  }

  private static List<String> read(ResultSet found) throws SQLException {
    List<String> answer = new ArrayList<>();
    while (found.next()) {
      answer.add(found.getString(1) + ":" + found.getString(2));
    }
    return answer;
  }

  private static String analyze(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet lines = statement.executeQuery("EXPLAIN ANALYZE " + sql)) {
      List<String> all = new ArrayList<>();
      while (lines.next()) {
        all.add(lines.getString(1));
      }
      return String.join("\n", all);
    }
  }

  private static Integer distance(LanceFixture.Row row) {
    byte[] code = row.code();
    return code == null ? null : Long.bitCount(ByteBuffer.wrap(code).getLong());
  }

  /** The answer by sorting in Java. */
  private List<String> expected(int bucket, int offset, int limit) {
    return rows.stream()
        .filter(row -> row.bucket() == bucket)
        .sorted(
            Comparator.comparing(
                    DistanceFirstTest::distance, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparing(LanceFixture.Row::id))
        .skip(offset)
        .limit(limit)
        .map(row -> row.id() + ":" + distance(row))
        .collect(Collectors.toList());
  }

  @Test
  void rowsAreTakenUntilEnoughPass() throws SQLException {
    try (Connection connection = open("distance")) {
      answer(connection, NEAREST + "ORDER BY d LIMIT 1");
      String near = NEAREST + "WHERE bucket = 1 ORDER BY d LIMIT 5 OFFSET 2";
      assertEquals(expected(1, 2, 5), answer(connection, near));
      String plan = analyze(connection, near);
      assertTrue(plan.contains("order=[distance first]"), plan);
      assertTrue(plan.contains(", distance first=1,"), plan);
      assertTrue(plan.contains(", taken=59") && plan.contains("rejected by predicate=0,"), plan);
      assertFalse(plan.contains("after all"), plan);
    }
  }

  @Test
  void theFilterComesFirstAfterAllIfTheNearestFail() throws SQLException {
    try (Connection connection = open("distance")) {
      answer(connection, NEAREST + "ORDER BY d LIMIT 1");
      String far = NEAREST + "WHERE bucket < 1 ORDER BY d LIMIT 1";
      assertEquals(expected(0, 0, 1), answer(connection, far));
      String plan = analyze(connection, far);
      assertTrue(plan.contains(", distance first=3,"), plan);
      assertTrue(plan.contains(", filter first after all=1"), plan);
      // More rows than there are: whatever is found is all.
      String all = NEAREST + "WHERE bucket = 0 ORDER BY d LIMIT 100000";
      assertEquals(expected(0, 0, ROWS), answer(connection, all));
      assertFalse(analyze(connection, all).contains("after all"));
    }
  }

  @Test
  void radiusSearchesTakeTheirFewRows() throws SQLException {
    try (Connection filter = open("filter");
        Connection distance = open("distance")) {
      answer(distance, NEAREST + "ORDER BY d LIMIT 1");
      for (int radius : new int[] {0, 5, 6, 7, 64}) {
        String sql =
            NEAREST
                + "WHERE hamming_distance(code, X'0000000000000000') <= "
                + radius
                + " AND tag LIKE '%3'";
        assertEquals(answer(filter, sql), answer(distance, sql), sql);
      }
      String few =
          NEAREST + "WHERE hamming_distance(code, X'0000000000000000') <= 5 AND tag LIKE '%3'";
      String plan = analyze(distance, few);
      assertTrue(plan.contains("distance first=1") && !plan.contains("after all"), plan);
      // Within 64 bits are all rows.
      assertTrue(analyze(distance, few.replace("<= 5", "<= 64")).contains("after all=1"));
    }
  }

  @Test
  void transactionsAndOlderVersionsAreSearchedAsTheyAre() throws SQLException {
    String one = NEAREST + "WHERE tag = 'x' ORDER BY d LIMIT 10";
    try (Connection connection = open("distance");
        Connection other = open("distance");
        Statement statement = connection.createStatement()) {
      answer(connection, NEAREST + "ORDER BY d LIMIT 1");
      String before =
          LocalDateTime.now(ZoneOffset.UTC)
              .truncatedTo(ChronoUnit.MILLIS)
              .toString()
              .replace('T', ' ');
      connection.setAutoCommit(false);
      statement.execute("UPDATE t SET tag = 'x' WHERE id IN (5, 12000, 19999)");
      statement.execute("DELETE FROM t WHERE id = 12000");
      List<String> changed = new ArrayList<>(List.of(row(5), row(19_999)));
      changed.sort(Comparator.comparing(row -> Integer.parseInt(row.split(":")[1])));
      assertEquals(changed, answer(connection, one));
      assertEquals(List.of(), answer(other, one));
      connection.commit();
      assertEquals(changed, answer(other, one));
      String old = "FROM t FOR SYSTEM_TIME AS OF TIMESTAMP '" + before + "' ";
      assertEquals(List.of(), answer(other, one.replace("FROM t ", old)));
      String tag = "tag0";
      assertEquals(
          rows.stream().filter(row -> tag.equals(row.tag())).count(),
          answer(
                  other,
                  one.replace("FROM t ", old)
                      .replace("'x'", "'" + tag + "'")
                      .replace("LIMIT 10", "LIMIT 100000"))
              .size());
    }
  }

  private String row(int id) {
    return id + ":" + distance(rows.get(id));
  }

  @Test
  void failuresAndUnreadAnswersLeaveNothing() throws SQLException {
    String failing = NEAREST + "WHERE 1 / (bucket - 1) < 0 ORDER BY d LIMIT 5";
    try (Connection connection = open("distance")) {
      answer(connection, NEAREST + "ORDER BY d LIMIT 1");
      SQLException failure = assertThrows(SQLException.class, () -> answer(connection, failing));
      assertEquals("22012", failure.getSQLState(), failure.getMessage());
      try (Statement statement = connection.createStatement();
          ResultSet unread =
              statement.executeQuery(NEAREST + "WHERE bucket = 1 ORDER BY d LIMIT 5000")) {
        assertTrue(unread.next());
      }
    } // closing fails if any memory is left
  }

  @Test
  void parametersAreFiltersAndLimits() throws SQLException {
    try (Connection connection = open("distance");
        PreparedStatement statement =
            connection.prepareStatement(NEAREST + "WHERE bucket = ? ORDER BY d LIMIT ? OFFSET ?")) {
      answer(connection, NEAREST + "ORDER BY d LIMIT 1");
      for (int i = 0; i < 4; i++) {
        statement.setInt(1, 1 - i % 2);
        statement.setInt(2, 1 + 7 * i);
        statement.setInt(3, i);
        try (ResultSet found = statement.executeQuery()) {
          assertEquals(expected(1 - i % 2, i, 1 + 7 * i), read(found));
        }
      }
    }
  }

  @Test
  void fewRowsDoNotBringTheColumnIntoMemory() throws SQLException {
    try (Connection connection = open("auto");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE INDEX t_id ON t (id) USING BTREE");
      for (int i = 0; i < 4; i++) {
        String point = NEAREST + "WHERE id = " + (100 + i) + " ORDER BY d LIMIT 5";
        assertEquals(List.of(row(100 + i)), answer(connection, point));
        String two =
            NEAREST + "WHERE id IN (3, " + i + ") AND UPPER(tag) LIKE 'TAG_' ORDER BY d LIMIT 5";
        assertEquals(i % 7 == 0 || i == 3 ? 1 : 2, answer(connection, two).size());
        assertEquals(List.of(), held(connection));
      }
      assertTrue(
          analyze(connection, NEAREST + "WHERE id = 9 ORDER BY d LIMIT 5").contains("fetched=1"));
      // Many rows do.
      answer(connection, NEAREST + "WHERE bucket = 1 ORDER BY d LIMIT 5");
      assertEquals(List.of("code:1"), held(connection));
    }
  }

  private static List<String> held(Connection connection) throws SQLException {
    return answer(
        connection,
        "SELECT column_name, segments FROM system.fingerprint_cache WHERE column_name = 'code'");
  }
}
