package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Joins of many tables, whose order is found by heuristics, against joins one after the other. */
class JoinOrderDuelTest {
  private static final int QUERIES = 60;
  private static final int TABLES = 5;
  private static final List<String> TYPES =
      List.of("JOIN", "JOIN", "JOIN", "LEFT JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN");

  @TempDir Path folder;

  /** For each table its rows: id and k, which may be null. */
  private final List<List<@Nullable Integer[]>> tables = new ArrayList<>();

  /** A join to what stands before it; columns are 0 (id) and 1 (k). */
  private record Join(String type, int table, int left, int leftColumn, int column, boolean bound) {
    static Join random(int position, Random random) {
      return new Join(
          TYPES.get(random.nextInt(TYPES.size())),
          random.nextInt(TABLES),
          random.nextInt(position),
          random.nextInt(2),
          random.nextInt(2),
          random.nextInt(4) == 0);
    }

    String sql(int position) {
      return " %s t%d AS a%d ON a%d.%s = a%d.%s%s"
          .formatted(
              type,
              table,
              position,
              left,
              leftColumn == 0 ? "id" : "k",
              position,
              column == 0 ? "id" : "k",
              bound ? " AND a%d.id > 1".formatted(position) : "");
    }

    boolean matches(@Nullable Integer[] before, @Nullable Integer[] row) {
      Integer key = before[2 * left + leftColumn];
      return key != null && key.equals(row[column]) && (!bound || (row[0] != null && row[0] > 1));
    }
  }

  @Test
  void answersAreThoseOfOneJoinAfterTheOther() throws SQLException {
    long seed = Long.getLong("tests.seed", 20261120);
    Random random = new Random(seed);
    try (Connection connection =
            DriverManager.getConnection("jdbc:bindsql:maintenance=off;path=" + folder);
        Statement statement = connection.createStatement()) {
      fill(statement, random);
      int rows = 0;
      for (int i = 0; i < QUERIES; i++) {
        int first = random.nextInt(TABLES);
        List<Join> joins = new ArrayList<>();
        StringBuilder sql = new StringBuilder("SELECT * FROM t%d AS a0".formatted(first));
        for (int j = 1; j < 4 + i % 2; j++) {
          joins.add(Join.random(j, random));
          sql.append(joins.getLast().sql(j));
        }
        boolean filtered = random.nextBoolean();
        sql.append(filtered ? " WHERE a0.id < 4 AND (a3.k IS NOT NULL OR a1.k = 1)" : "");
        List<String> expected = expected(first, joins, filtered);
        assertEquals(expected, rows(statement, sql.toString()), () -> "seed " + seed + ": " + sql);
        rows += expected.size();
      }
      assertTrue(rows > QUERIES, "most queries find something: " + rows);
    }
  }

  private void fill(Statement statement, Random random) throws SQLException {
    for (int table = 0; table < TABLES; table++) {
      List<@Nullable Integer[]> rows = new ArrayList<>();
      for (int row = 0; row < 5 + 3 * table; row++) {
        rows.add(new @Nullable Integer[] {row, random.nextInt(5) == 0 ? null : row / 2});
      }
      tables.add(rows);
      statement.execute("CREATE TABLE t%d (id INTEGER, k INTEGER)".formatted(table));
      statement.execute(
          "INSERT INTO t%d VALUES ".formatted(table)
              + rows.stream()
                  .map(row -> "(" + row[0] + ", " + row[1] + ")")
                  .collect(Collectors.joining(", ")));
    }
  }

  private List<String> expected(int first, List<Join> joins, boolean filtered) {
    List<@Nullable Integer[]> rows = tables.get(first);
    for (int i = 0; i < joins.size(); i++) {
      rows = join(rows, 2 * (i + 1), joins.get(i));
    }
    return rows.stream()
        .filter(row ->
            !filtered
                || (row[0] != null && row[0] < 4)
                    && (row[7] != null || (row[3] != null && row[3] == 1)))
        .map(Arrays::toString)
        .sorted()
        .toList();
  }

  private List<@Nullable Integer[]> join(List<@Nullable Integer[]> before, int columns, Join join) {
    List<@Nullable Integer[]> after = new ArrayList<>();
    List<@Nullable Integer[]> right = tables.get(join.table());
    boolean[] met = new boolean[right.size()];
    boolean keepLeft = join.type().startsWith("LEFT") || join.type().startsWith("FULL");
    boolean keepRight = join.type().startsWith("RIGHT") || join.type().startsWith("FULL");
    for (@Nullable Integer[] row : before) {
      boolean matched = false;
      for (int i = 0; i < right.size(); i++) {
        if (join.matches(row, right.get(i))) {
          after.add(both(row, right.get(i)));
          matched = true;
          met[i] = true;
        }
      }
      if (!matched && keepLeft) {
        after.add(both(row, new @Nullable Integer[2]));
      }
    }
    for (int i = 0; keepRight && i < met.length; i++) {
      if (!met[i]) {
        after.add(both(new @Nullable Integer[columns], right.get(i)));
      }
    }
    return after;
  }

  private static @Nullable Integer[] both(@Nullable Integer[] left, @Nullable Integer[] right) {
    @Nullable Integer[] both = Arrays.copyOf(left, left.length + 2);
    both[left.length] = right[0];
    both[left.length + 1] = right[1];
    return both;
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      String[] row = new String[result.getMetaData().getColumnCount()];
      while (result.next()) {
        for (int i = 0; i < row.length; i++) {
          row[i] = result.getString(i + 1);
        }
        rows.add(Arrays.toString(row));
      }
    }
    Collections.sort(rows);
    return rows;
  }
}
