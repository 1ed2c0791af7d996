package org.bindsql.rel;

import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.runtime.FlatLists;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Rows of one run of an ARROW rel; owns reader and allocator.
 *
 * <p>Enumerable's operators do not close their inputs on every path, so memory is also given back
 * at the end of the data, after a failure, and at the end of the statement if it has a scope.
 */
final class RowEnumerator implements Enumerator<@Nullable Object> {
  /** How many rows pass between two looks at the cancel flag. */
  private static final int CANCEL_INTERVAL = 1024;

  private final Supplier<BatchReader> source;
  private final int columnCount;
  private final ExecutionContext context;
  private @Nullable BatchReader reader;
  private @Nullable Batch batch;
  private CellReader[] cells = new CellReader[0];
  private int next;
  private @Nullable Object current;
  private boolean hasCurrent;
  private boolean closed;

  /** The rows of an ARROW rel. */
  RowEnumerator(RelNode rel, ExecutionContext context) {
    this(() -> ArrowRel.openProfiled(rel, context), rel.getRowType().getFieldCount(), context);
  }

  /**
   * The rows of a reader.
   *
   * @param source opens the reader when the first row is asked for
   * @param context owned, with its allocator
   */
  RowEnumerator(Supplier<BatchReader> source, int columnCount, ExecutionContext context) {
    this.source = source;
    this.columnCount = columnCount;
    this.context = context;
    StatementScope scope = context.scope();
    if (scope != null) {
      scope.adopt(this);
    }
  }

  @Override
  public boolean moveNext() {
    hasCurrent = false;
    current = null;
    if (closed) {
      return false;
    }
    try {
      if (next % CANCEL_INTERVAL == 0) {
        context.checkCancelled();
      }
      Batch rows = batch;
      while (rows == null || next >= rows.selection().count()) {
        rows = nextBatch();
        if (rows == null) {
          close();
          return false;
        }
      }
      current = row(rows.selection().position(next++));
      hasCurrent = true;
      return true;
    } catch (Throwable e) {
      closeAfter(e);
      throw e;
    }
  }

  private @Nullable Batch nextBatch() {
    if (reader == null) {
      reader = source.get();
    }
    batch = reader.next();
    next = 0;
    if (batch != null) {
      cells = new CellReader[columnCount];
      for (int i = 0; i < columnCount; i++) {
        cells[i] = CellReader.of(batch.column(i));
      }
    }
    return batch;
  }

  private @Nullable Object row(int position) {
    switch (columnCount) {
      case 0:
        return FlatLists.COMPARABLE_EMPTY_LIST;
      case 1:
        return cells[0].get(position);
      default:
        @Nullable Object[] values = new Object[columnCount];
        for (int i = 0; i < columnCount; i++) {
          values[i] = cells[i].get(position);
        }
        return values;
    }
  }

  @Override
  public @Nullable Object current() {
    if (!hasCurrent) {
      throw new NoSuchElementException();
    }
    return current;
  }

  @Override
  public void reset() {
    throw new UnsupportedOperationException();
  }

  private void closeAfter(Throwable failure) {
    try {
      close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    StatementScope scope = context.scope();
    if (scope != null) {
      scope.release(this);
    }
    batch = null;
    try (var memory = context.allocator()) {
      if (reader != null) {
        reader.close();
      }
    }
  }
}
