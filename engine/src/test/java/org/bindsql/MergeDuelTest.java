package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random MERGE statements against a model that walks over lists, with both planners. */
class MergeDuelTest {
  private static final int CASES = 100;

  /** A row of the target or the source; its third value keeps what no statement may touch. */
  private record Row(@Nullable Integer k, int v, int keep) {
    @Override
    public String toString() {
      return "(" + (k == null ? "CAST(NULL AS INTEGER)" : k) + ", " + v + ", " + keep + ")";
    }
  }

  private enum When {
    MATCHED,
    NOT_MATCHED,
    BY_SOURCE
  }

  /**
   * A clause.
   *
   * @param limit it is for rows whose v (the target's, or else the source's) is below it
   */
  private record Clause(When when, int limit, String action) {
    String sql() {
      String side = when == When.NOT_MATCHED ? "s.v" : "t.v";
      return switch (when) {
            case MATCHED -> "WHEN MATCHED";
            case NOT_MATCHED -> "WHEN NOT MATCHED";
            case BY_SOURCE -> "WHEN NOT MATCHED BY SOURCE";
          }
          + (limit > 9 ? "" : " AND " + side + " < " + limit)
          + " THEN "
          + switch (action) {
            case "update" ->
                when == When.MATCHED ? "UPDATE SET v = t.v + s.v" : "UPDATE SET v = -t.v";
            case "insert" -> "INSERT (v, k, keep) VALUES (s.v * 2, s.k, -1)";
            case "delete" -> "DELETE";
            default -> "DO NOTHING";
          };
    }
  }

  private static final class Twice extends RuntimeException {}

  @ParameterizedTest
  @ValueSource(
      strings = {"jdbc:bindsql:", "jdbc:bindsql:batchSize=2", "jdbc:bindsql:planner=reference"})
  void mergeDoesWhatTheModelDoes(String url) throws SQLException {
    Random random = new Random(url.length());
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < CASES; i++) {
        duel(statement, random);
      }
    }
  }

  private static void duel(Statement statement, Random random) throws SQLException {
    List<Row> target = rows(random, 1 + random.nextInt(8));
    List<Row> source = rows(random, 1 + random.nextInt(6));
    List<Clause> clauses = clauses(random);
    statement.execute("CREATE OR REPLACE TABLE t AS SELECT * FROM " + values(target));
    String sql =
        "MERGE INTO t USING (SELECT * FROM "
            + values(source)
            + ") AS s ON t.k = s.k "
            + clauses.stream().map(Clause::sql).collect(Collectors.joining(" "));
    String expected;
    try {
      List<Row> result = new ArrayList<>();
      int count = model(target, source, clauses, result);
      expected = count + " " + sorted(result);
    } catch (Twice e) {
      expected = "21000 " + sorted(target);
    }
    String outcome;
    try {
      outcome = Integer.toString(statement.executeUpdate(sql));
    } catch (SQLException e) {
      outcome = e.getSQLState();
    }
    assertEquals(expected, outcome + " " + table(statement), () -> target + "\n" + sql);
  }

  private static String values(List<Row> rows) {
    return "(VALUES "
        + rows.stream().map(Row::toString).collect(Collectors.joining(", "))
        + ") AS x(k, v, keep)";
  }

  private static List<Row> rows(Random random, int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Integer key = random.nextInt(8) == 0 ? null : random.nextInt(9);
      rows.add(new Row(key, random.nextInt(10), 1000 + i));
    }
    rows.add(new Row(99, 1, 0));
    rows.add(new Row(null, 1, 0)); // so that k may be NULL
    return rows;
  }

  private static List<Clause> clauses(Random random) {
    List<Clause> clauses = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      When when = When.values()[random.nextInt(3)];
      String[] actions =
          when == When.NOT_MATCHED
              ? new String[] {"insert", "insert", "nothing"}
              : new String[] {"update", "update", "delete", "nothing"};
      clauses.add(
          new Clause(
              when,
              random.nextBoolean() ? 10 : random.nextInt(10),
              actions[random.nextInt(actions.length)]));
    }
    return clauses;
  }

  private static int model(
      List<Row> target, List<Row> source, List<Clause> clauses, List<Row> result) {
    Map<Integer, Row> changed = new HashMap<>();
    List<Integer> deleted = new ArrayList<>();
    List<Row> inserted = new ArrayList<>();
    int count = 0;
    for (int i = 0; i < target.size(); i++) {
      Row row = target.get(i);
      List<Row> matches =
          source.stream().filter(s -> s.k() != null && Objects.equals(s.k(), row.k())).toList();
      boolean done = false;
      List<@Nullable Row> partners =
          matches.isEmpty() ? Collections.singletonList(null) : new ArrayList<>(matches);
      for (Row partner : partners) {
        When when = partner == null ? When.BY_SOURCE : When.MATCHED;
        String action = action(clauses, when, row.v());
        if (action.equals("nothing")) {
          continue;
        }
        if (done) {
          throw new Twice();
        }
        done = true;
        count++;
        if (action.equals("delete")) {
          deleted.add(i);
        } else {
          int v = partner == null ? -row.v() : row.v() + partner.v();
          changed.put(i, new Row(row.k(), v, row.keep()));
        }
      }
    }
    for (Row row : source) {
      boolean matched =
          target.stream().anyMatch(t -> t.k() != null && Objects.equals(t.k(), row.k()));
      if (!matched && action(clauses, When.NOT_MATCHED, row.v()).equals("insert")) {
        inserted.add(new Row(row.k(), row.v() * 2, -1));
        count++;
      }
    }
    for (int i = 0; i < target.size(); i++) {
      if (!deleted.contains(i)) {
        result.add(changed.getOrDefault(i, target.get(i)));
      }
    }
    result.addAll(inserted);
    return count;
  }

  private static String action(List<Clause> clauses, When when, int v) {
    for (Clause clause : clauses) {
      if (clause.when() == when && v < clause.limit()) {
        return clause.action();
      }
    }
    return "nothing";
  }

  private static List<String> sorted(List<Row> rows) {
    return rows.stream().map(r -> r.k() + " " + r.v() + " " + r.keep()).sorted().toList();
  }

  private static List<String> table(Statement statement) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery("SELECT k, v, keep FROM t")) {
      while (result.next()) {
        rows.add(result.getString(1) + " " + result.getString(2) + " " + result.getString(3));
      }
    }
    Collections.sort(rows);
    return rows;
  }
}
