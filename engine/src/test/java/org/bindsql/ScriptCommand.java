package org.bindsql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import net.hydromatic.quidem.AbstractCommand;
import net.hydromatic.quidem.Command;
import org.jspecify.annotations.Nullable;

/**
 * Commands of the scripts beyond Quidem's own.
 *
 * <ul>
 *   <li>{@code !fails}: the statement fails; prints SQLState and message. It also fails with the
 *       same SQLState under the reference planner, if it is a query.
 *   <li>{@code !cascade}: prints the cascade operators of the plan, or {@code no cascade}. Which
 *       part of the filter a table takes is left out: it is not what these scripts are about.
 *   <li>{@code !analyze}: runs EXPLAIN ANALYZE and prints its lines with times and byte counts as
 *       {@code #}.
 *   <li>{@code !counters}: runs the statement and prints the counters of its one row that are not
 *       0, those of bytes as {@code #}.
 * </ul>
 */
final class ScriptCommand extends AbstractCommand {
  private static final Pattern PREDICATES =
      Pattern.compile(", filter=\\[.*], remainder=\\[.*](?=, recall=)");
  private static final Pattern TIMES =
      Pattern.compile("(time[\\w ]*|ms|seconds|bytes[\\w ]*)=[^,)\\]\\s]+(?: ?[num]?s)?");

  private final List<String> content;
  private final List<String> lines;
  private final String name;

  private ScriptCommand(List<String> lines, List<String> content, String name) {
    this.lines = List.copyOf(lines);
    this.content = List.copyOf(content);
    this.name = name;
  }

  /** The command of a line without its {@code !}; null if it is none of these. */
  static @Nullable Command parse(List<String> lines, List<String> content, String line) {
    return switch (line) {
      case "fails", "cascade", "analyze", "counters" -> new ScriptCommand(lines, content, line);
      default -> null;
    };
  }

  @Override
  public void execute(Context x, boolean execute) throws Exception {
    if (execute) {
      String sql = x.previousSqlCommand().sql;
      switch (name) {
        case "fails" -> x.writer().println(failure(x, sql));
        case "counters" -> x.writer().println(counters(x.connection(), sql));
        case "cascade" -> {
          List<String> cascades =
              rows(x.connection(), "EXPLAIN PLAN FOR " + sql)
                  .lines()
                  .map(String::strip)
                  .filter(l -> l.startsWith("HdrCascade"))
                  .map(l -> PREDICATES.matcher(l).replaceFirst(""))
                  .toList();
          (cascades.isEmpty() ? List.of("no cascade") : cascades).forEach(x.writer()::println);
        }
        default ->
            rows(x.connection(), "EXPLAIN ANALYZE " + sql)
                .lines()
                .map(l -> TIMES.matcher(l).replaceAll("$1=#"))
                .forEach(x.writer()::println);
      }
    } else {
      x.echo(content);
    }
    x.echo(lines);
  }

  private static String counters(Connection connection, String sql) throws SQLException {
    StringJoiner text = new StringJoiner(", ").setEmptyValue("nothing");
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
        String name = row.getMetaData().getColumnLabel(i);
        if (row.getLong(i) != 0) {
          text.add(name + "=" + (name.startsWith("bytes") ? "#" : row.getString(i)));
        }
      }
    }
    return text.toString();
  }

  private static String failure(Context x, String sql) throws SQLException {
    SQLException failure = failureOf(x.connection(), sql);
    if (failure == null) {
      return "no error";
    }
    if (Pattern.compile("(?is)\\s*(select|values|with)\\b.*").matcher(sql).matches()) {
      SQLException reference = failureOf(x.refConnection(), sql);
      String state = reference == null ? "no error" : reference.getSQLState();
      if (!failure.getSQLState().equals(state)) {
        return failure.getSQLState() + ", but with the reference planner " + state;
      }
    }
    return failure.getSQLState() + ": " + failure.getMessage();
  }

  private static @Nullable SQLException failureOf(Connection connection, String sql) {
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet rows = statement.getResultSet()) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              rows.getObject(i);
            }
          }
        }
      }
      return null;
    } catch (SQLException e) {
      return e;
    }
  }

  private static String rows(Connection connection, String sql) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        text.append(rows.getString(1)).append('\n');
      }
    }
    return text.toString().stripTrailing();
  }
}
