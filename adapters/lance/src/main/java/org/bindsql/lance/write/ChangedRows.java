package org.bindsql.lance.write;

import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.ChangeTable;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The rows to write of a stream of changes. What becomes of the rows that exist is noted on the
 * way.
 */
final class ChangedRows implements BatchReader {
  /** Position of the columns' first one, after action and address. */
  private static final int FIRST = 2;

  private final String table;
  private final BatchReader changes;
  private final ExecutionContext context;
  private final SortedMap<Integer, RoaringBitmap> gone = new TreeMap<>();
  private final @Nullable UpdatedRows updated;
  private final @Nullable RowSpool inserted;
  private long count;

  /**
   * Creates a reader, which closes the changes.
   *
   * @param keepRowIds whether updated rows keep their row ids: then {@link #updated} tells those
   *     rows, which come before all inserted ones
   */
  ChangedRows(String table, BatchReader changes, boolean keepRowIds, ExecutionContext context) {
    this.table = table;
    this.changes = changes;
    this.context = context;
    this.updated = keepRowIds ? new UpdatedRows() : null;
    this.inserted = keepRowIds ? new RowSpool(context.allocator()) : null;
  }

  /** Number of changes so far. */
  long count() {
    return count;
  }

  /** Offsets of the rows that were updated or deleted, by fragment. */
  SortedMap<Integer, RoaringBitmap> gone() {
    return gone;
  }

  /** The rows that were updated, in the order written, if row ids are kept. */
  @Nullable UpdatedRows updated() {
    return updated;
  }

  @Override
  public @Nullable Batch next() {
    while (true) {
      context.checkCancelled();
      Batch batch = changes.next();
      if (batch == null) {
        return inserted == null ? null : inserted.next();
      }
      Selection written = note(batch);
      if (!written.isEmpty()) {
        int[] columns = IntStream.range(FIRST, batch.columns().size()).toArray();
        return batch.select(columns).withSelection(written);
      }
    }
  }

  /** Notes a batch's changes and returns the rows to write now. */
  private Selection note(Batch batch) {
    BaseIntVector actions = (BaseIntVector) batch.column(0);
    BaseIntVector addresses = (BaseIntVector) batch.column(1);
    Selection rows = batch.selection();
    int[] positions = new int[rows.count()];
    int[] inserts = new int[rows.count()];
    int written = 0;
    int spooled = 0;
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      int action = (int) actions.getValueAsLong(row);
      if (action == ChangeTable.INSERT) {
        if (inserted == null) {
          positions[written++] = row;
        } else {
          inserts[spooled++] = row;
        }
        continue;
      }
      if (((FieldVector) addresses).isNull(row)) {
        throw new IllegalStateException("a change of a row without address");
      }
      long address = addresses.getValueAsLong(row);
      goes(address);
      if (action == ChangeTable.UPDATE) {
        positions[written++] = row;
        if (updated != null) {
          updated.add(address);
        }
      } else if (action != ChangeTable.DELETE) {
        throw new IllegalStateException("unknown action " + action);
      }
    }
    count += rows.count();
    if (inserted != null && spooled > 0) {
      int[] columns = IntStream.range(FIRST, batch.columns().size()).toArray();
      inserted.add(batch.select(columns).withSelection(Selection.list(inserts, spooled)));
    }
    return Selection.list(positions, written);
  }

  private void goes(long address) {
    int fragment = (int) (address >>> Integer.SIZE);
    RoaringBitmap offsets = gone.computeIfAbsent(fragment, f -> new RoaringBitmap());
    if (!offsets.checkedAdd((int) address)) {
      throw new BindSqlException(
          ErrorCode.CARDINALITY_VIOLATION,
          "a row of table "
              + table
              + " would be changed twice by one statement: more than one source row matches it");
    }
  }

  @Override
  public void close() {
    try (changes) {
      if (inserted != null) {
        inserted.close();
      }
    }
  }
}
