package org.bindsql.demo;

import java.io.PrintStream;
import java.util.List;

/** The command {@code demo}. */
public final class Demo {
  private Demo() {}

  /** Runs the demonstration and returns the exit status. */
  public static int run(List<String> args, PrintStream out, PrintStream err) {
    err.println("demo " + args + out);
    return 1;
  }
}
