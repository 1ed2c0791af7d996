package org.bindsql.demo;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import org.bindsql.shell.Failure;
import org.bindsql.shell.ResultFormat;
import org.bindsql.shell.StatementRunner;

/** Shows the questions of {@link TourStop}, one after the other: SQL, plan, rows and time. */
final class Tour {
  private static final int SCREEN = 118;

  private final Connection connection;
  private final PrintStream out;

  Tour(Connection connection, PrintStream out) {
    this.connection = connection;
    this.out = out;
  }

  /**
   * Takes the tour.
   *
   * @param directory the database folder, for what the end says
   * @return whether every statement succeeded
   */
  boolean take(String directory) {
    boolean good = true;
    int number = 0;
    for (TourStop stop : TourStop.ALL) {
      out.println();
      out.println("== " + ++number + ". " + stop.title());
      out.println();
      out.println(stop.sql().indent(3).stripTrailing() + ";");
      out.println();
      good &= show(stop);
      out.flush();
    }
    end(directory);
    return good;
  }

  private boolean show(TourStop stop) {
    try {
      if (stop.plan()) {
        plan("EXPLAIN PLAN FOR " + stop.sql());
      } else if (stop.sql().startsWith("EXPLAIN")) {
        plan(stop.sql());
        return true;
      }
      StatementRunner.Settings settings =
          new StatementRunner.Settings(ResultFormat.TABLE, SCREEN, true, "", false, 0, 0);
      long start = System.nanoTime();
      new StatementRunner(out, out).run(connection, stop.sql(), settings, statement -> {});
      out.println(String.format(Locale.ROOT, "   %.0f ms", (System.nanoTime() - start) / 1e6));
      return true;
    } catch (SQLException | RuntimeException e) {
      out.println(Failure.describe(e, stop.sql()));
      return false;
    }
  }

  private void plan(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet plan = statement.executeQuery(sql)) {
      while (plan.next()) {
        String.valueOf(plan.getString(1)).lines().forEach(this::planLine);
      }
    }
    out.println();
  }

  /** Prints a line of a plan, broken at commas where it is longer than the screen. */
  private void planLine(String line) {
    String indent = " ".repeat(3 + line.length() - line.stripLeading().length());
    String rest = line.strip();
    String first = indent;
    while (first.length() + rest.length() > SCREEN) {
      int comma = rest.lastIndexOf(", ", SCREEN - first.length());
      if (comma <= 0) {
        break;
      }
      out.println(first + rest.substring(0, comma + 1));
      rest = rest.substring(comma + 2);
      first = indent + "    ";
    }
    out.println(first + rest);
  }

  private void end(String directory) {
    String option = directory.equals("bindsql-data") ? "" : "-d '" + directory + "' ";
    out.print(
        """

        == Go on

           ./bindsql demo %1$s--shell
               a session with all of this: main.symbols and bindspace.nodes
           ./bindsql demo %1$s--format csv -e "SELECT ..."
               one statement; csv, tsv and json are for programs
           ./bindsql %1$s
               a session on the folder alone: main.symbols, and a BindSpace without the types
           ./bindsql serve %1$s
               the folder for remote JDBC clients

           README.md has five minutes of SQL and JDBC from Java; docs/ has the rest.

        """
            .formatted(option));
    out.flush();
  }
}
