package org.bindsql.lance.resident;

import java.util.BitSet;
import org.bindsql.cascade.Segment;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * A segment whose rows are held in the order of lists, and where the rows of versions are in it.
 */
final class ListedRows implements AutoCloseable {
  private record Live(BitSet rows, Selection positions) {}

  private final Segment segment;
  private final CentreMemory centres;

  /** The rows asked for last: searches of a version ask for the same again and again. */
  private volatile @Nullable Live last;

  /**
   * Wraps a segment.
   *
   * @param centres of its lists; one use of them belongs to the new object
   */
  ListedRows(Segment segment, CentreMemory centres) {
    this.segment = segment;
    this.centres = centres;
  }

  Segment segment() {
    return segment;
  }

  /**
   * Positions of rows.
   *
   * @param live their numbers, null for all
   */
  Selection positions(@Nullable BitSet live) {
    if (live == null) {
      return Selection.range(0, segment.rows());
    }
    Live known = last;
    if (known == null || known.rows != live) {
      int[] positions = new int[live.cardinality()];
      int count = 0;
      for (int i = 0; i < segment.rows(); i++) {
        if (live.get(segment.row(i))) {
          positions[count++] = i;
        }
      }
      known = new Live(live, Selection.list(positions, count));
      last = known;
    }
    return known.positions;
  }

  @Override
  public void close() {
    centres.close();
  }
}
