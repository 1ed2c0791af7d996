package org.bindsql.demo;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.bindsql.engine.Database;
import org.bindsql.error.BindSqlException;
import org.bindsql.shell.Failure;
import org.bindsql.shell.Options;
import org.bindsql.shell.Shell;
import org.bindsql.shell.UsageException;

/**
 * The command {@code demo}: makes or opens the demonstration database, then takes the tour, runs
 * the statements of {@code -e} and {@code -f}, or opens the shell.
 */
public final class Demo {
  private static final int OK = 0;
  private static final int FAILED = 1;

  private Demo() {}

  /**
   * Runs the demonstration and returns the exit status.
   *
   * @param args {@code --shell} for a session instead of the tour, and options of the shell
   */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    List<String> rest = new ArrayList<>(args);
    boolean shell = rest.remove("--shell");
    Options options = Options.parse(rest);
    String directory = options.directory();
    if (directory == null) {
      throw new UsageException("demo makes a database of its own: -u does not go with it");
    }
    try (Database database = Database.open(directory, false)) {
      DemoDatabase demo = new DemoDatabase(database, new Progress(err));
      demo.index(Platform::types);
      demo.fillBindSpace(Platform::baseTypes);
      if (shell || !options.inputs().isEmpty()) {
        return Shell.run(options, out, err);
      }
      try (Connection connection = DriverManager.getConnection(options.url())) {
        return new Tour(connection, out).take(directory) ? OK : FAILED;
      }
    } catch (SQLException | BindSqlException e) {
      err.println(Failure.describe(e, null));
      return FAILED;
    }
  }
}
