package org.bindsql.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.BatchArrowReader;
import org.bindsql.vector.BatchReader;

/**
 * The result of a query as a stream of Arrow batches.
 *
 * <p>Read by one thread; {@link #cancel} may be called from any. A failure while reading is an
 * {@link IOException} whose cause is the {@link SQLException} with its SQLState.
 */
public final class ArrowResult extends BatchArrowReader {
  private final Execution execution;
  private final Consumer<ArrowResult> closed;
  private boolean open = true;

  /**
   * Creates a result that closes {@code batches}.
   *
   * @param closed told once, when this is closed
   */
  ArrowResult(
      BufferAllocator allocator,
      Schema schema,
      BatchReader batches,
      Execution execution,
      Consumer<ArrowResult> closed) {
    super(allocator, schema, batches);
    this.execution = execution;
    this.closed = closed;
  }

  /** Ends the query: the next call that wants a batch fails with SQLState 57014. */
  public void cancel() {
    execution.cancel();
  }

  @Override
  public synchronized boolean loadNextBatch() throws IOException {
    if (!open) {
      throw new IOException(new SQLException("the Arrow result is closed", "24000"));
    }
    try {
      return super.loadNextBatch();
    } catch (IOException | RuntimeException | Error e) {
      SQLException failure = StatementEdge.failure(e, execution);
      throw new IOException(failure.getMessage(), failure);
    }
  }

  @Override
  public synchronized void close(boolean closeReadSource) throws IOException {
    if (open) {
      open = false;
      execution.end();
      try {
        super.close(closeReadSource);
      } finally {
        closed.accept(this);
      }
    }
  }
}
