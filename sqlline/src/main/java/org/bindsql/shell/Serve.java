package org.bindsql.shell;

import java.io.PrintStream;
import java.util.List;

/** The command {@code serve}: the database over HTTP for the stock Avatica client. */
final class Serve {
  private Serve() {}

  /** Serves until the process is told to stop and returns the exit status. */
  static int run(List<String> args, PrintStream err) {
    throw new UsageException("serve: not part of this build: " + args + err);
  }
}
