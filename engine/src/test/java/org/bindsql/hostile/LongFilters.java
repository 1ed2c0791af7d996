package org.bindsql.hostile;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Program of {@link HostileSqlTest}: filters of many terms, each answered rightly or refused.
 * Writes a line for each and {@code done} at the end. Arguments: a folder, then numbers of terms.
 */
final class LongFilters {
  private static final int ROWS = 1000;

  /** IN lists of this length are always tried: they are what long filters should be written as. */
  private static final int LONG_LIST = 100_000;

  /** Terms from which on a filter may be refused. */
  private static final int MANY = 20_000;

  /** Too complex. */
  private static final Set<String> REFUSALS = Set.of("54001");

  private final Statement statement;

  private LongFilters(Statement statement) {
    this.statement = statement;
  }

  public static void main(String[] arguments) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + arguments[0]);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE numbers AS SELECT a.x * 100 + b.x * 10 + c.x AS id,"
              + " 's' || CAST(a.x * 100 + b.x * 10 + c.x AS VARCHAR) AS s"
              + " FROM "
              + digits("a")
              + ", "
              + digits("b")
              + ", "
              + digits("c"));
      LongFilters filters = new LongFilters(statement);
      for (int i = 1; i < arguments.length; i++) {
        filters.run(Integer.parseInt(arguments[i]));
      }
      filters.lists(LONG_LIST);
    }
    System.out.println("done");
  }

  private static String digits(String name) {
    return "(VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS " + name + " (x)";
  }

  private void run(int terms) {
    int found = Math.min(terms, ROWS);
    check("OR", terms, join(terms, i -> "id = " + i, " OR "), found);
    check(
        "mixed OR",
        terms,
        join(terms, i -> i % 2 == 0 ? "id = " + i : "s = 's" + i + "'", " OR "),
        found);
    check("AND", terms, join(terms, i -> "id <> " + i, " AND "), ROWS - found);
    check("+", terms, "id < " + join(terms, i -> "1", " + "), found);
    check("NOT", terms, "NOT ".repeat(terms) + "(id < 5)", terms % 2 == 0 ? 5 : ROWS - 5);
    check(
        "CASE",
        terms,
        "CASE " + join(terms, i -> "WHEN id = " + i + " THEN TRUE", " ") + " ELSE FALSE END",
        found);
    check("LIKE", terms, join(terms, i -> "s LIKE 's" + i + "'", " OR "), found);
    lists(terms);
  }

  private void lists(int terms) {
    int found = Math.min(terms, ROWS);
    check("IN", terms, "id IN (" + join(terms, String::valueOf, ", ") + ")", found);
    check(
        "NOT IN", terms, "s NOT IN (" + join(terms, i -> "'s" + i + "'", ", ") + ")", ROWS - found);
  }

  private static String join(int terms, IntFunction<String> term, String separator) {
    return IntStream.range(0, terms).mapToObj(term).collect(Collectors.joining(separator));
  }

  private void check(String shape, int terms, String filter, int wanted) {
    long start = System.nanoTime();
    String answer;
    try (ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM numbers WHERE " + filter)) {
      row.next();
      int count = row.getInt(1);
      answer = count == wanted ? "ok" : "wrong: " + count + " instead of " + wanted;
    } catch (SQLException e) {
      answer =
          (terms >= MANY && REFUSALS.contains(e.getSQLState()) ? "ok refused " : "wrong: ")
              + e.getSQLState()
              + " "
              + e.getMessage();
    }
    System.out.println(
        answer.replaceAll("\\s+", " ")
            + " "
            + shape
            + " "
            + terms
            + " "
            + (System.nanoTime() - start) / 1_000_000
            + " ms");
  }
}
