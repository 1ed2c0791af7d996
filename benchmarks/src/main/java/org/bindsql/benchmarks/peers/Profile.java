package org.bindsql.benchmarks.peers;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What {@code EXPLAIN ANALYZE} says of a query, in one line: its operators without their arguments,
 * with rows, times, and the counters of the cascade.
 */
record Profile(double millis, String text) {
  private static final Pattern TOTAL = Pattern.compile("total: .*time=([0-9.]+) ms");

  /** Counters that are zero say nothing. */
  private static final Pattern ZERO = Pattern.compile(", [a-z ]+=0(?= *(,|$))");

  /** Reads the lines of a plan, the last of which has the total. */
  private static Profile of(String plan) {
    Matcher total = TOTAL.matcher(plan);
    return new Profile(
        total.find() ? Double.parseDouble(total.group(1)) : 0,
        plan.lines()
            .map(String::strip)
            .map(line -> ZERO.matcher(arguments(line)).replaceAll(""))
            .collect(Collectors.joining("; ")));
  }

  /** A line without the arguments of its operator, which end before its counters. */
  private static String arguments(String line) {
    int from = line.indexOf('(');
    int to = line.lastIndexOf("): ");
    return from < 0 || to < from ? line : line.substring(0, from) + line.substring(to + 1);
  }

  /**
   * Runs a statement once for each query, which takes the place of {@code ?} in it, and returns the
   * profile with the median time.
   */
  static Profile run(Connection connection, String sql, List<byte[]> queries) throws SQLException {
    List<Profile> profiles = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      for (byte[] query : queries) {
        String literal = "X'" + HexFormat.of().withUpperCase().formatHex(query) + "'";
        StringBuilder plan = new StringBuilder();
        try (ResultSet rows =
            statement.executeQuery("EXPLAIN ANALYZE " + sql.replace("?", literal))) {
          while (rows.next()) {
            plan.append(rows.getString(1)).append('\n');
          }
        }
        profiles.add(of(plan.toString()));
      }
    }
    profiles.sort(Comparator.comparingDouble(Profile::millis));
    return profiles.get(profiles.size() / 2);
  }
}
