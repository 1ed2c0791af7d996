package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.vector.Selection;

/** One thread's share of a search: its heap, its counters, its scratch memory. */
public final class CascadeWorker {
  /** Rows that pass the levels together: few enough for their distances to stay in cache. */
  static final int SLICE_ROWS = 1024;

  private final CascadeRequest request;
  private final List<Level> levels;
  private final CascadeCounters counters = new CascadeCounters();
  private final int[] bounds = new int[SLICE_ROWS];
  final TopKHeap found;
  final TopKHeap nulls;

  /**
   * Creates a worker.
   *
   * @param levels the levels in order, none if the query is NULL
   */
  CascadeWorker(CascadeRequest request, List<Level> levels) {
    this.request = request;
    this.levels = levels;
    this.found = new TopKHeap(request.k());
    this.nulls = new TopKHeap(request.nulls() == NullRows.EXCLUDED ? 0 : request.k());
  }

  /** What this worker did so far. */
  public CascadeCounters counters() {
    return counters;
  }

  /** Searches the rows of a block that are active and pass the filter. */
  public void search(CodeBlock block, BlockFilter filter) {
    if (request.isEmpty()) {
      return;
    }
    Selection candidates = block.columns().selection();
    counters.candidates(candidates.count());
    Selection rows = candidates.isEmpty() ? candidates : filter.filter(block.columns());
    counters.rejected(candidates.count() - rows.count());
    if (levels.isEmpty()) {
      offerNulls(block, rows);
      return;
    }
    MemorySegment validity = block.validity();
    if (validity != null) {
      offerNulls(block, Validity.select(validity, rows, true));
      rows = Validity.select(validity, rows, false);
    }
    for (int from = 0; from < rows.count(); from += SLICE_ROWS) {
      searchSlice(block, rows.slice(from, Math.min(from + SLICE_ROWS, rows.count())));
    }
  }

  private void offerNulls(CodeBlock block, Selection rows) {
    counters.nulls(rows.count());
    for (int i = 0; i < rows.count(); i++) {
      nulls.offer(0, block.rowKey(rows.position(i)));
    }
  }

  private void searchSlice(CodeBlock block, Selection slice) {
    int tau = tau();
    Selection rows = slice;
    Level last = levels.getLast();
    for (Level level : levels) {
      int before = rows.count();
      if (before == 0) {
        return;
      }
      rows = level.prune(block, rows, tau, bounds, counters);
      if (level == last) {
        counters.exact(before);
      } else {
        counters.pruned(level.name(), before - rows.count());
      }
    }
    for (int i = 0; i < rows.count(); i++) {
      found.offer(bounds[i], block.rowKey(rows.position(i)));
    }
  }

  /** Greatest distance with which a row can still be in the answer. */
  private int tau() {
    return found.isFull() ? Math.min(request.radius(), found.worst()) : request.radius();
  }
}
