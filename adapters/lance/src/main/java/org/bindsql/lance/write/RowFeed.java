package org.bindsql.lance.write;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * The active rows of a batch reader, as one Arrow stream of stored columns per data file.
 *
 * <p>Values are copied, since the consumer may hold a batch while it asks for the next. A failure
 * of the source is kept, because only its text survives the way through the native library.
 */
final class RowFeed {
  private final StoredColumns columns;
  private final BatchReader source;
  private final @Nullable KeyCheck keys;
  private @Nullable Batch batch;
  private int next;
  private @Nullable Throwable failure;

  /**
   * Creates a feed.
   *
   * @param keys what is told of the rows, or null
   */
  RowFeed(StoredColumns columns, BatchReader source, @Nullable KeyCheck keys) {
    this.columns = columns;
    this.source = source;
    this.keys = keys;
  }

  /** Whether a row is left; reads on in the source if need be. */
  boolean hasRows() {
    Batch current = batch;
    while (current == null || next == current.selection().count()) {
      current = source.next();
      batch = current;
      next = 0;
      if (current == null) {
        return false;
      }
    }
    return true;
  }

  /** What made the source fail, or null. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** The next rows, which the stream takes as it is read. */
  ArrowReader stream(BufferAllocator allocator, long rows) {
    columns.beginFile();
    return new Stream(allocator, rows);
  }

  private final class Stream extends ArrowReader {
    private long left;

    Stream(BufferAllocator allocator, long rows) {
      super(allocator);
      this.left = rows;
    }

    @Override
    public boolean loadNextBatch() throws java.io.IOException {
      try {
        VectorSchemaRoot root = getVectorSchemaRoot();
        root.clear();
        if (left == 0 || !hasRows() || batch == null) {
          return false;
        }
        int most = (int) Math.min(left, batch.selection().count() - next);
        int count = columns.fitting(batch, batch.selection().slice(next, next + most));
        if (count == 0) {
          return false;
        }
        Selection rows = batch.selection().slice(next, next + count);
        columns.fill(batch, rows, root, getDictionaryVectors());
        if (keys != null) {
          keys.add(root, getDictionaryVectors());
        }
        next += count;
        left -= count;
        return true;
      } catch (java.io.IOException | RuntimeException | Error e) {
        failure = e;
        throw e;
      }
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() {
      return columns.schema();
    }
  }
}
