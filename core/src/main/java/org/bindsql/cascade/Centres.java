package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import org.bindsql.kernel.HammingKernel;

/**
 * Codes around which the rows of a column gather, one per list of rows; {@link CentreSearch} finds
 * them. Shared by segments, and the same object for those that have the same lists, so that a
 * search compares the query with them once.
 *
 * <p>The memory is the caller's and must outlive every segment whose lists refer to it.
 */
public final class Centres {
  /** Greatest number of centres. */
  public static final int MAX = 2048;

  private final Codes codes;

  /**
   * Refers to centres.
   *
   * @param codes row-major, 1 to {@link #MAX} rows
   */
  public Centres(Codes codes) {
    if (codes.rows() < 1 || codes.rows() > MAX) {
      throw new IllegalArgumentException(codes.rows() + " centres");
    }
    this.codes = codes;
  }

  /** The centres' codes. */
  public Codes codes() {
    return codes;
  }

  /** Number of centres. */
  public int count() {
    return codes.rows();
  }

  /** The same centres in other memory of at least as many bytes. */
  public Centres copyTo(MemorySegment memory) {
    MemorySegment.copy(codes.memory(), 0, memory, 0, (long) count() * codes.width());
    return new Centres(Codes.rowMajor(memory, codes.width(), count()));
  }

  /** Distances of a query, which is as wide as the centres: that of centre i at i. */
  int[] distances(MemorySegment query, HammingKernel kernel) {
    int[] distances = new int[count()];
    codes.distances(kernel, query, codes.width(), 0, count(), distances);
    return distances;
  }
}
