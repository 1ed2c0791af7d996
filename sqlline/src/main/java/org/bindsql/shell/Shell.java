package org.bindsql.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The shell: statements of the command line, or an interactive session.
 *
 * <p>Plain SQL from {@code -e} and {@code -f} goes straight to JDBC; sqlline is started only for
 * sessions, its {@code !commands} and its options, because starting it takes longer than most
 * statements.
 */
public final class Shell {
  /** Set by the launcher when standard input is a file or a pipe. */
  static final String PIPED = "bindsql.piped";

  private Shell() {}

  /**
   * Statement of the command line.
   *
   * @param source script it comes from, or null for {@code -e}
   */
  record Work(@Nullable String source, StatementSplitter.Statement statement) {}

  /** Runs the shell and returns the exit status. */
  public static int run(Options options, PrintStream out, PrintStream err) {
    List<Options.Input> inputs = options.inputs();
    if (inputs.isEmpty() && Boolean.getBoolean(PIPED)) {
      inputs = List.of(new Options.Input.Script("-"));
    }
    if (inputs.isEmpty()) {
      return Session.interactive(options, out, err);
    }
    List<Work> work = new ArrayList<>();
    try {
      for (Options.Input input : inputs) {
        work.addAll(read(input));
      }
    } catch (NoSuchFileException e) {
      err.println("bindsql: no such file: " + e.getFile());
      return Main.FAILED;
    } catch (IOException e) {
      err.println("bindsql: cannot read script: " + e.getMessage());
      return Main.FAILED;
    }
    boolean plain =
        options.sqlline().isEmpty() && work.stream().noneMatch(w -> w.statement().command());
    return plain ? runPlain(options, work, out, err) : Session.batch(options, work, out, err);
  }

  private static int runPlain(Options options, List<Work> work, PrintStream out, PrintStream err) {
    ResultFormat format = options.format() == null ? ResultFormat.TABLE : options.format();
    StatementRunner.Settings settings = StatementRunner.Settings.batch(format);
    StatementRunner runner = new StatementRunner(out, err);
    try (Connection connection = connect(options)) {
      return runAll(connection, work, runner, settings, err);
    } catch (SQLException | RuntimeException e) {
      // The Avatica client throws its own kind when it cannot connect.
      err.println(Failure.describe(e, null));
      return Main.FAILED;
    }
  }

  /** Runs statements until one fails and returns the exit status. */
  static int runAll(
      Connection connection,
      List<Work> work,
      StatementRunner runner,
      StatementRunner.Settings settings,
      PrintStream err) {
    for (Work next : work) {
      try {
        runner.run(connection, next.statement().text(), settings, statement -> {});
      } catch (Exception | Error e) {
        err.println(where(next) + Failure.describe(e, next.statement().text()));
        return Main.FAILED;
      }
    }
    return Main.OK;
  }

  /** Script and line of a statement, as compilers write them; empty for {@code -e}. */
  static String where(Work work) {
    return work.source() == null ? "" : work.source() + ":" + work.statement().line() + ": ";
  }

  private static Connection connect(Options options) throws SQLException {
    Properties properties = new Properties();
    if (options.user() != null) {
      properties.setProperty("user", options.user());
    }
    if (options.password() != null) {
      properties.setProperty("password", options.password());
    }
    return DriverManager.getConnection(options.url(), properties);
  }

  private static List<Work> read(Options.Input input) throws IOException {
    return switch (input) {
      case Options.Input.Text(String sql) -> work(null, sql);
      case Options.Input.Script(String file) when file.equals("-") -> {
        InputStream in = System.in;
        yield work("stdin", new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
      case Options.Input.Script(String file) -> work(file, Files.readString(Path.of(file)));
    };
  }

  private static List<Work> work(@Nullable String source, String script) {
    return StatementSplitter.split(script).stream()
        .map(statement -> new Work(source, statement))
        .toList();
  }
}
