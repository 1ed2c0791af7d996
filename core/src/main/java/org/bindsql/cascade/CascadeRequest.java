package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What a search is to find: the k rows nearest to a query, or all rows within a radius.
 *
 * @param query the query's bytes, off-heap and as long as the fingerprints; null for SQL NULL, to
 *     which every distance is NULL
 * @param mask bytes that count
 * @param k greatest number of rows wanted, or {@link #ALL_ROWS}
 * @param radius greatest distance wanted; negative for no row at all, {@link #NO_RADIUS} for any
 * @param nulls what becomes of rows whose distance is NULL
 * @param recall expected share of the true answer that must be found, above 0, 1 for all; only
 *     columns that are in memory can be searched for less than all
 */
public record CascadeRequest(
    @Nullable MemorySegment query,
    BlockMask mask,
    long k,
    int radius,
    NullRows nulls,
    double recall) {

  /** Value of {@code k} for a search without one. */
  public static final long ALL_ROWS = Long.MAX_VALUE;

  /** Value of {@code radius} for a search without one. */
  public static final int NO_RADIUS = Integer.MAX_VALUE;

  /** Place of the rows whose distance is NULL. */
  public enum NullRows {
    /** Before the nearest row. */
    FIRST,
    /** After the farthest row, so they are wanted only if fewer than k rows have a distance. */
    LAST,
    /** Not in the answer, as under a predicate on the distance. */
    EXCLUDED
  }

  public CascadeRequest {
    if (!(recall > 0 && recall <= 1)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "hdr.recall: " + recall + " is not a share; expected above 0 and at most 1");
    }
    if (k < 0) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "LIMIT: " + k + " rows wanted; expected 0 or more");
    }
  }

  /** The same for another number of rows. */
  public CascadeRequest withK(long newK) {
    return new CascadeRequest(query, mask, newK, radius, nulls, recall);
  }

  /** Whether no row can be in the answer, so that nothing need be read. */
  public boolean isEmpty() {
    return k == 0 || (nulls == NullRows.EXCLUDED && (query == null || radius < 0));
  }
}
