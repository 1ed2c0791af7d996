package org.bindsql.exec;

import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** The input without its first {@code offset} rows, and at most {@code fetch} of the rest. */
public final class LimitReader implements BatchReader {
  private final BatchReader input;
  private long toSkip;
  private long toReturn;

  /**
   * Creates a reader that closes {@code input}.
   *
   * @param offset at least 0
   * @param fetch at least 0; Long.MAX_VALUE for all
   */
  public LimitReader(BatchReader input, long offset, long fetch) {
    this.input = input;
    this.toSkip = offset;
    this.toReturn = fetch;
  }

  @Override
  public @Nullable Batch next() {
    if (toReturn == 0) {
      return null; // without reading on to find it
    }
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      Selection rows = batch.selection();
      int from = (int) Math.min(toSkip, rows.count());
      int to = (int) Math.min(from + Math.min(toReturn, rows.count()), rows.count());
      toSkip -= from;
      if (from < to) {
        toReturn -= to - from;
        return from == 0 && to == rows.count() ? batch : batch.withSelection(rows.slice(from, to));
      }
    }
    return null;
  }

  @Override
  public void close() {
    input.close();
  }
}
