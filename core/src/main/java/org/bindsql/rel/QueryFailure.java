package org.bindsql.rel;

import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * A reader that remembers how it failed, since who reads it may report that in words of its own.
 */
final class QueryFailure implements BatchReader {
  private final BatchReader reader;
  private @Nullable RuntimeException failure;

  QueryFailure(BatchReader reader) {
    this.reader = reader;
  }

  /** What {@link #next} threw, or null. */
  @Nullable RuntimeException failure() {
    return failure;
  }

  @Override
  public @Nullable Batch next() {
    try {
      return reader.next();
    } catch (RuntimeException e) {
      failure = e;
      throw e;
    }
  }

  @Override
  public void close() {
    reader.close();
  }
}
