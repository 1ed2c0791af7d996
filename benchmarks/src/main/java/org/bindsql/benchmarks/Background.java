package org.bindsql.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What this process does besides what it is asked, such as putting a column in another order. */
public final class Background {
  private static final long LOOK_MILLIS = 500;

  /** Share of one processor below which nothing of note is going on. */
  private static final double STILL = 0.1;

  private Background() {}

  /** Waits until it is done, at most so many seconds. */
  public static void await(int seconds) throws InterruptedException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long end = System.nanoTime() + seconds * 1_000_000_000L;
    int still = 0;
    while (still < 2 && System.nanoTime() < end) {
      long used = system.getProcessCpuTime();
      long from = System.nanoTime();
      Thread.sleep(LOOK_MILLIS);
      double share = (double) (system.getProcessCpuTime() - used) / (System.nanoTime() - from);
      still = share < STILL ? still + 1 : 0;
    }
  }
}
