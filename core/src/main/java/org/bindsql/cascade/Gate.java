package org.bindsql.cascade;

/**
 * Decides when to use a level that may not pay: each time it did not, it is left out for longer, up
 * to {@link #LONGEST} stripes. So data on which it never pays cost a few trials.
 */
final class Gate {
  private static final int LONGEST = 32;

  private int pause = 1;
  private int left;

  /** Whether to use the level for the next stripe; to be asked once per stripe. */
  boolean isOpen() {
    if (left > 0) {
      left--;
      return false;
    }
    return true;
  }

  /** Says whether the level was worth its cost. */
  void report(boolean paid) {
    if (paid) {
      pause = 1;
    } else {
      left = pause;
      pause = Math.min(2 * pause, LONGEST);
    }
  }
}
