package org.bindsql.vector;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The active rows of a batch reader as Arrow's own kind of stream.
 *
 * <p>Contiguous rows are shared with the source, not copied; batches without active rows are passed
 * over. A failure of the source is kept, because only its text survives the way through a native
 * library.
 */
public class BatchArrowReader extends ArrowReader {
  private final Schema schema;
  private final BatchReader source;
  private @Nullable Throwable failure;
  private long rows;

  /**
   * Creates a stream that closes {@code source}.
   *
   * @param schema the columns; types as those of the source's vectors
   */
  public BatchArrowReader(BufferAllocator allocator, Schema schema, BatchReader source) {
    super(allocator);
    this.schema = schema;
    this.source = source;
  }

  /** What made the source fail, or null. */
  public final @Nullable Throwable failure() {
    return failure;
  }

  /** Rows handed on so far. */
  public final long rows() {
    return rows;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    try {
      VectorSchemaRoot root = getVectorSchemaRoot();
      root.clear();
      Batch batch = source.next();
      while (batch != null && batch.selection().isEmpty()) {
        batch = source.next();
      }
      if (batch == null) {
        return false;
      }
      for (int c = 0; c < batch.columns().size(); c++) {
        take(batch.column(c), batch.selection(), root.getVector(c));
      }
      root.setRowCount(batch.selection().count());
      rows += batch.selection().count();
      return true;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  /**
   * Puts the active rows of a column into a vector that is empty: shares them if they can be.
   *
   * @param rows at least one
   */
  protected void take(FieldVector from, Selection rows, FieldVector to) {
    VectorCopy.share(from, rows, to);
  }

  @Override
  public long bytesRead() {
    return 0;
  }

  @Override
  protected void closeReadSource() {
    source.close();
  }

  @Override
  protected Schema readSchema() {
    return schema;
  }
}
