package org.bindsql.lance.scan;

import java.util.List;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Reader of a known number of rows without columns. */
public final class RowCounter implements BatchReader {
  private final ExecutionContext context;
  private long remaining;

  /** Creates a reader of so many rows. */
  public RowCounter(long rows, ExecutionContext context) {
    this.remaining = rows;
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    context.checkCancelled();
    int rows = (int) Math.min(remaining, context.batchSize());
    remaining -= rows;
    return rows == 0 ? null : Batch.of(List.of(), rows);
  }

  @Override
  public void close() {}
}
