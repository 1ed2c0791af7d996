package org.bindsql.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import sqlline.SqlLine;

/** Runs sqlline: a session at the terminal, or statements that need its commands or options. */
final class Session {
  private Session() {}

  /** Runs a session until the user leaves it and returns the exit status. */
  static int interactive(Options options, PrintStream out, PrintStream err) {
    return begin(options, List.of(), false, out, err);
  }

  /** Runs statements and shell commands until one fails and returns the exit status. */
  static int batch(Options options, List<Shell.Work> work, PrintStream out, PrintStream err) {
    return begin(options, work, true, out, err);
  }

  private static SqlLine.Status begin(BindSqlLine sqlline, List<String> args, boolean batch)
      throws IOException {
    String[] array = args.toArray(String[]::new);
    return batch
        ? sqlline.begin(array, InputStream.nullInputStream(), false)
        : sqlline.begin(array, null, true);
  }

  private static int begin(
      Options options, List<Shell.Work> work, boolean batch, PrintStream out, PrintStream err) {
    // History and settings of the user; sqlline reads the property once, when it is first loaded.
    String home = Path.of(System.getProperty("user.home"), ".bindsql").toString();
    if (System.getProperty(SqlLine.SQLLINE_BASE_DIR) == null) {
      System.setProperty(SqlLine.SQLLINE_BASE_DIR, home);
    }
    BindSqlLine sqlline = new BindSqlLine(out, err, work, batch);
    List<String> args =
        new ArrayList<>(
            List.of(
                "--connectInteractionMode=notAskCredentials",
                "--fastConnect=true",
                "--isolation=TRANSACTION_REPEATABLE_READ"));
    if (batch) {
      args.add("--color=false");
    }
    if (options.format() != null) {
      args.add("--outputFormat=" + Options.lower(options.format().name()));
    }
    args.addAll(options.sqlline());
    if (!options.sqlline().contains("-c") && !options.sqlline().contains("-cn")) {
      args.addAll(List.of("-u", options.url()));
    }
    if (options.user() != null) {
      args.addAll(List.of("-n", options.user()));
    }
    if (options.password() != null) {
      args.addAll(List.of("-p", options.password()));
    }
    for (int i = 0; i < work.size(); i++) {
      boolean command = work.get(i).statement().command();
      args.addAll(
          List.of("-e", command ? work.get(i).statement().text() : SqlCommand.reference(i)));
    }
    try {
      SqlLine.Status status = begin(sqlline, args, batch);
      if (status == SqlLine.Status.ARGS) {
        throw new UsageException("sqlline does not accept " + Arrays.toString(args.toArray()));
      }
      return batch && (sqlline.failed() || status != SqlLine.Status.OK) ? Main.FAILED : Main.OK;
    } catch (IOException e) {
      err.println("bindsql: " + e.getMessage());
      return Main.FAILED;
    }
  }
}
