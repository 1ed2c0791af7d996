package org.bindsql.engine.ddl;

import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** A reader at its end. */
enum NoRows implements BatchReader {
  INSTANCE;

  @Override
  public @Nullable Batch next() {
    return null;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
