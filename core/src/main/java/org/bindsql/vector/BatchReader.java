package org.bindsql.vector;

import org.jspecify.annotations.Nullable;

/**
 * A stream of batches, read by one thread.
 *
 * <p>The caller of the factory that made a reader closes it, also after a failure; closing a reader
 * closes its inputs and may be done twice.
 */
public interface BatchReader extends AutoCloseable {
  /**
   * Returns the next batch, or null at the end. The batch returned before becomes invalid.
   *
   * @throws org.bindsql.error.BindSqlException if the source fails or the statement is cancelled
   */
  @Nullable Batch next();

  @Override
  void close();
}
