package org.bindsql.files;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.bindsql.vector.VectorCopy;
import org.jspecify.annotations.Nullable;

/** Batches put together into ones of {@link ParquetCodec#GROUP_ROWS} rows, or of enough bytes. */
final class RowGroups implements BatchReader {
  private static final long BYTES = 64L << 20;

  private final BatchReader source;
  private final VectorSchemaRoot group;
  private boolean ended;
  private boolean closed;

  /** Creates a reader that closes {@code source}. */
  RowGroups(BatchReader source, Schema schema, BufferAllocator allocator) {
    this.source = source;
    this.group = VectorSchemaRoot.create(schema, allocator);
  }

  @Override
  public @Nullable Batch next() {
    group.clear();
    group.allocateNew();
    List<FieldVector> columns = group.getFieldVectors();
    int rows = 0;
    while (!ended && rows < ParquetCodec.GROUP_ROWS && bytes(columns) < BYTES) {
      Batch batch = source.next();
      if (batch == null) {
        ended = true;
        break;
      }
      Selection selection = batch.selection();
      for (int c = 0; c < columns.size(); c++) {
        for (int i = 0; i < selection.count(); i++) {
          VectorCopy.copy(batch.column(c), selection.position(i), columns.get(c), rows + i);
        }
        columns.get(c).setValueCount(rows + selection.count());
      }
      rows += selection.count();
    }
    return rows == 0 ? null : Batch.of(columns, rows);
  }

  private static long bytes(List<FieldVector> columns) {
    long bytes = 0;
    for (FieldVector column : columns) {
      bytes += column.getBufferSize();
    }
    return bytes;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try (source) {
        group.close();
      }
    }
  }
}
