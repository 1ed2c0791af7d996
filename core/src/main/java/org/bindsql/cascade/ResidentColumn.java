package org.bindsql.cascade;

import java.util.List;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprints of one column of one snapshot, held in memory (or at least their sketches), so
 * that a search can pass over them more than once.
 *
 * <p>A lease: nothing of it is freed or changed before {@link #close()}. Thread-safe.
 */
public interface ResidentColumn extends AutoCloseable {
  /**
   * Rows of the snapshot in one segment.
   *
   * @param segment where they lie
   * @param rows positions of those of the segment's rows that belong to the snapshot (and, if
   *     {@link #isFiltered()}, pass the pushed filter); rows with NULL fingerprints included
   * @param firstRowKey key of row 0 where {@code rowKeys} is null: row i has key firstRowKey + i
   * @param rowKeys keys of the segment's rows by their numbers, ascending over those in {@code
   *     rows}, or null; entries of other rows do not matter
   */
  record Rows(Segment segment, Selection rows, long firstRowKey, long @Nullable [] rowKeys) {
    /** Key of the row at a position, one of {@link #rows}. */
    public long rowKey(int position) {
      int row = segment.row(position);
      return rowKeys == null ? firstRowKey + row : rowKeys[row];
    }

    /** Other rows of the segment. */
    Rows with(Selection some) {
      return new Rows(segment, some, firstRowKey, rowKeys);
    }
  }

  /**
   * A column of which all segments have their codes and nothing is left to filter. It owns nothing:
   * the segments' memory must outlive it.
   *
   * @param segments in ascending order of row keys
   */
  static ResidentColumn of(int width, List<Rows> segments) {
    return new MemoryColumn(width, segments);
  }

  /** Bytes per fingerprint. */
  int width();

  /** The segments, in ascending order of row keys. */
  List<Rows> segments();

  /**
   * Whether {@link Rows#rows} are only those that pass the filter given to {@link
   * org.bindsql.table.FingerprintTable#openCodes}; otherwise the search finds them by {@link
   * org.bindsql.table.CodeReader#candidates()} if there is a filter.
   */
  boolean isFiltered();

  /**
   * Opens the way to the fingerprints of segments without {@link Segment#codes}, for one thread;
   * only called if there are such segments.
   */
  CodeFetch openFetch();

  @Override
  void close();
}
