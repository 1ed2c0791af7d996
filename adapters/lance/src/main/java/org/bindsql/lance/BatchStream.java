package org.bindsql.lance;

import java.io.IOException;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * The active rows of a batch reader as Arrow's own kind of stream.
 *
 * <p>Values are copied, since the consumer may hold a batch while it asks for the next. A failure
 * of the source is kept, because only its text survives the way through the native library.
 */
final class BatchStream extends ArrowReader {
  private final Schema schema;
  private final BatchReader source;
  private @Nullable Throwable failure;
  private long rows;

  BatchStream(BufferAllocator allocator, Schema schema, BatchReader source) {
    super(allocator);
    this.schema = schema;
    this.source = source;
  }

  /** What made the source fail, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Rows handed on so far. */
  long rows() {
    return rows;
  }

  @Override
  public boolean loadNextBatch() throws IOException {
    try {
      VectorSchemaRoot root = getVectorSchemaRoot();
      Batch batch = source.next();
      while (batch != null && batch.selection().isEmpty()) {
        batch = source.next();
      }
      root.clear();
      if (batch == null) {
        return false;
      }
      Selection selection = batch.selection();
      for (int c = 0; c < batch.columns().size(); c++) {
        copy(batch.column(c), selection, root.getVector(c));
      }
      root.setRowCount(selection.count());
      rows += selection.count();
      return true;
    } catch (IOException | RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  private static void copy(FieldVector from, Selection selection, FieldVector to) {
    if (selection.isRange() && RangeCopy.copy(from, selection.from(), selection.count(), to)) {
      return;
    }
    to.setInitialCapacity(selection.count());
    to.allocateNew();
    for (int i = 0; i < selection.count(); i++) {
      to.copyFromSafe(selection.position(i), i, from);
    }
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
