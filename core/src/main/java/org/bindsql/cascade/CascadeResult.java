package org.bindsql.cascade;

/**
 * Rows found, in result order: by distance and row key for a top-k search, by row key for a radius
 * search.
 *
 * @param rowKeys keys of the rows
 * @param distances distance of each, {@link #NULL_DISTANCE} for NULL
 */
public record CascadeResult(long[] rowKeys, int[] distances) {
  /** Entry of {@link #distances} for a NULL distance. */
  public static final int NULL_DISTANCE = -1;

  /** Number of rows found. */
  public int size() {
    return rowKeys.length;
  }
}
