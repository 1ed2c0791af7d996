package org.bindsql.exec;

import org.bindsql.expr.BatchPredicate;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Batches narrowed to the rows that satisfy a condition; nothing is copied. */
public final class FilterReader implements BatchReader {
  private final BatchReader input;
  private final BatchPredicate condition;
  private final ExecutionContext context;

  /** Creates a reader that closes {@code input}. */
  public FilterReader(BatchReader input, BatchPredicate condition, ExecutionContext context) {
    this.input = input;
    this.condition = condition;
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      Selection rows = condition.filter(batch, batch.selection(), context);
      if (!rows.isEmpty()) {
        return batch.withSelection(rows);
      }
    }
    return null;
  }

  @Override
  public void close() {
    input.close();
  }
}
