package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;

/**
 * The level that computes distances.
 *
 * <p>Memory streams: a row that is gathered costs 2 to 3 times a row that is read in passing. So a
 * slice with at least {@link HdrCascade#GATHER_BELOW} of its rows wanted is read whole, and the
 * rows that are not wanted are dropped afterwards.
 */
final class ExactLevel implements Level {
  private final MemorySegment query;
  private final int bytes;
  private final HammingKernel kernel;
  private final double gatherBelow;
  private final int[] survivors = new int[CascadeWorker.SLICE_ROWS];
  private int[] distances = new int[CascadeWorker.SLICE_ROWS];

  ExactLevel(MemorySegment query, int bytes, HammingKernel kernel, double gatherBelow) {
    this.query = query;
    this.bytes = bytes;
    this.kernel = kernel;
    this.gatherBelow = gatherBelow;
  }

  @Override
  public String name() {
    return "exact";
  }

  @Override
  public Selection prune(
      CodeBlock block, Selection rows, int tau, int[] bounds, CascadeCounters counters) {
    int first = rows.position(0);
    int span = rows.position(rows.count() - 1) - first + 1;
    boolean gather = rows.count() < gatherBelow * span;
    int read = gather ? rows.count() : span;
    if (read > distances.length) {
      distances = new int[read];
    }
    if (gather) {
      block.codes().gather(kernel, query, bytes, rows.positions(), 0, rows.count(), distances);
    } else {
      block.codes().distances(kernel, query, bytes, first, span, distances);
    }
    counters.passing(read - rows.count());
    counters.read(name(), (long) read * bytes);
    int kept = 0;
    for (int i = 0; i < rows.count(); i++) {
      int position = rows.position(i);
      int distance = distances[gather ? i : position - first];
      if (distance <= tau) {
        survivors[kept] = position;
        bounds[kept++] = distance;
      }
    }
    return Selection.list(survivors, kept);
  }
}
