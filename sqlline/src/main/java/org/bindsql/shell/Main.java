package org.bindsql.shell;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bindsql.demo.Demo;

/** Entry point of the launcher: shell, demo or server. */
public final class Main {
  private Main() {}

  /** Exit status of a run whose statements all succeeded. */
  public static final int OK = 0;

  /** Exit status of a run in which a statement failed. */
  public static final int FAILED = 1;

  /** Exit status of a command line that makes no sense. */
  public static final int USAGE = 2;

  /**
   * Runs what the arguments ask for and exits with its status.
   *
   * @param args {@code demo ...}, {@code serve ...}, or options of the shell
   */
  public static void main(String[] args) {
    // Results may be large and may hold any character: buffered UTF-8 whatever the locale says.
    PrintStream out =
        new PrintStream(
            new BufferedOutputStream(new FileOutputStream(FileDescriptor.out), 1 << 16),
            false,
            StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(standardError(), true, StandardCharsets.UTF_8);
    System.setErr(err);
    int status = run(List.of(args), out, err);
    out.flush();
    System.exit(status);
  }

  /**
   * Where messages go: the descriptor the launcher names, because it filters the JVM's own, or the
   * ordinary one.
   */
  private static FileOutputStream standardError() {
    String named = System.getProperty("bindsql.stderr");
    if (named != null) {
      try {
        return new FileOutputStream(named, true);
      } catch (FileNotFoundException e) {
        // Opening a socket by its descriptor, for one, is refused.
      }
    }
    return new FileOutputStream(FileDescriptor.err);
  }

  /** Runs what the arguments ask for and returns the exit status. */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    try {
      String command = args.isEmpty() ? "" : args.getFirst();
      return switch (command) {
        case "demo" -> Demo.run(args.subList(1, args.size()), out, err);
        case "serve" -> Serve.run(args.subList(1, args.size()), err);
        default -> Shell.run(Options.parse(args), out, err);
      };
    } catch (UsageException e) {
      err.println("bindsql: " + e.getMessage() + "; bindsql --help lists the options");
      return USAGE;
    }
  }
}
