package org.bindsql.cascade;

/** Reads fingerprints of rows that are not in memory, for one thread. */
public interface CodeFetch extends AutoCloseable {
  /** Greatest number of rows asked for at once. */
  int MAX_ROWS = 4096;

  /**
   * Reads rows.
   *
   * @param rowKeys keys of rows of the snapshot, ascending, of which the first {@code count} count
   * @param count 1 to {@link #MAX_ROWS}
   * @return {@code count} row-major fingerprints in that order, valid until the next call
   */
  Codes fetch(long[] rowKeys, int count);

  @Override
  void close();
}
