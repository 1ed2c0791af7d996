package org.bindsql.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Medians in milliseconds of two ways to do the same, and of the ratio of neighbours. */
public record Turns(double first, double second, double ratio, int runs) {
  /** Work that answers with a number, by which two ways are known to do the same. */
  public interface Work {
    long run() throws Exception;
  }

  /** Fewest pairs that count, however long they take. */
  private static final int FEWEST = 3;

  /**
   * Runs both by turns for some time; the first third of it warms up.
   *
   * @param repeat runs between two looks at the clock, for what takes microseconds
   */
  public static Turns measure(Work first, Work second, long nanos, int repeat) throws Exception {
    List<Double> firsts = new ArrayList<>();
    List<Double> seconds = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    long start = System.nanoTime();
    long warm = start + nanos / 3;
    compare(first, second);
    while (System.nanoTime() - start < nanos || firsts.size() < FEWEST) {
      double a = millis(first, repeat);
      double b = millis(second, repeat);
      if (System.nanoTime() >= warm) {
        firsts.add(a);
        seconds.add(b);
        ratios.add(a / b);
      }
    }
    return new Turns(median(firsts), median(seconds), median(ratios), firsts.size());
  }

  private static void compare(Work first, Work second) throws Exception {
    long a = first.run();
    long b = second.run();
    if (a != b) {
      throw new IllegalStateException("answers differ: " + a + " and " + b);
    }
  }

  private static double millis(Work work, int repeat) throws Exception {
    long start = System.nanoTime();
    for (int i = 0; i < repeat; i++) {
      work.run();
    }
    return (System.nanoTime() - start) / 1e6 / repeat;
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
