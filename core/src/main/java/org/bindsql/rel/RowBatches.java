package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.linq4j.Enumerator;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Rows in Enumerable's form as batches; owns the rows and the vectors. */
public final class RowBatches implements BatchReader {
  private final Enumerator<Object> rows;
  private final VectorSchemaRoot vectors;
  private final boolean single;
  private final int batchSize;
  private boolean ended;
  private boolean closed;

  /**
   * Creates a reader.
   *
   * @param single whether a row is its only value, and not an array
   */
  public RowBatches(
      Enumerator<Object> rows,
      Schema schema,
      boolean single,
      BufferAllocator allocator,
      int batchSize) {
    this.rows = rows;
    this.vectors = VectorSchemaRoot.create(schema, allocator);
    this.single = single;
    this.batchSize = batchSize;
  }

  @Override
  public @Nullable Batch next() {
    List<FieldVector> columns = vectors.getFieldVectors();
    List<CellWriter> writers = new ArrayList<>(columns.size());
    for (FieldVector column : columns) {
      column.clear(); // and not reset: whoever retained the buffers may still read them
      column.allocateNew();
      writers.add(CellWriter.of(column));
    }
    int count = 0;
    while (count < batchSize && moveNext()) {
      Object row = rows.current();
      for (int i = 0; i < writers.size(); i++) {
        writers.get(i).set(count, single ? row : ((@Nullable Object[]) row)[i]);
      }
      count++;
    }
    if (count == 0) {
      return null;
    }
    for (FieldVector column : columns) {
      column.setValueCount(count);
    }
    return Batch.of(columns, count);
  }

  /** Never asks again after the end: not every enumerator answers then. */
  private boolean moveNext() {
    ended = ended || !rows.moveNext();
    return !ended;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try (vectors) {
        rows.close();
      }
    }
  }
}
