package org.bindsql.demo;

import java.io.PrintStream;
import java.util.Locale;

/** Lines about work that takes a while. */
final class Progress {
  private static final int STEP_PERCENT = 10;

  private final PrintStream err;
  private long start;
  private int shown;

  Progress(PrintStream err) {
    this.err = err;
  }

  /** A line of its own. */
  void say(String line) {
    err.println(line);
  }

  /** Work begins. */
  void begin(String what) {
    start = System.nanoTime();
    shown = 0;
    err.println(what + " ...");
  }

  /** So much of it is done; every tenth part is told. */
  void done(int part, int whole) {
    int percent = (int) (100L * part / Math.max(1, whole));
    if (percent >= shown + STEP_PERCENT && percent < 100) {
      shown = percent - percent % STEP_PERCENT;
      err.println("  " + shown + " %  " + part + " of " + whole + seconds());
    }
  }

  /** Work ended; the line says with what. */
  void end(String result) {
    err.println("  " + result + seconds());
  }

  private String seconds() {
    return String.format(Locale.ROOT, "  (%.1f s)", (System.nanoTime() - start) / 1e9);
  }
}
