package org.bindsql.benchmarks.peers;

import java.util.List;

/** How much of everything {@link RunPeers} measures; each keeps its results apart. */
enum Scope {
  /** Everything. */
  FULL(List.of(65_536, 1_000_000), 600, 1200, 32),
  /** 65,536 rows, less time for each case, no indexes that take minutes. */
  QUICK(List.of(65_536), 300, 300, 10),
  /** Whether everything works here; the figures mean nothing. */
  TRIAL(List.of(65_536, 100_000), 30, 30, 15);

  /** Rows of the data sets. */
  final List<Integer> sizes;

  private final int millis;
  private final int largeMillis;

  /** Minutes after which nothing more is begun, unless the user says how many. */
  final int minutes;

  Scope(List<Integer> sizes, int millis, int largeMillis, int minutes) {
    this.sizes = sizes;
    this.millis = millis;
    this.largeMillis = largeMillis;
    this.minutes = minutes;
  }

  /** Milliseconds that a case takes at least. */
  int millis(int rows) {
    return rows == Generator.BINDSPACE_ROWS ? millis : largeMillis;
  }

  /** The fewest rows and the most. */
  boolean isSmall(int rows) {
    return rows == sizes.getFirst();
  }

  /** Name of its folder. */
  String folder() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
