package org.bindsql.type;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Batches whose columns have the Arrow types of a schema: lists as lists of a fixed size, numbers
 * as narrower ones. Columns that have them already are handed on as they are.
 */
public final class ConvertedBatches implements BatchReader {
  private final BatchReader source;
  private final Schema schema;
  private final BufferAllocator allocator;
  private final List<FieldVector> converted = new ArrayList<>();

  /**
   * Creates a reader that closes {@code source}.
   *
   * @param schema as many columns as the source has; names do not matter
   * @param allocator of the vectors made; outlives this reader
   */
  public ConvertedBatches(BatchReader source, Schema schema, BufferAllocator allocator) {
    this.source = source;
    this.schema = schema;
    this.allocator = allocator;
  }

  /**
   * {@inheritDoc}
   *
   * @throws org.bindsql.error.BindSqlException as {@link VectorConversion#convert}, for a value
   *     that does not fit
   */
  @Override
  public @Nullable Batch next() {
    release();
    Batch batch = source.next();
    if (batch == null) {
      return null;
    }
    List<FieldVector> columns = new ArrayList<>(batch.columns().size());
    for (int i = 0; i < batch.columns().size(); i++) {
      Field field = schema.getFields().get(i);
      FieldVector vector = batch.column(i);
      if (!VectorConversion.isSame(field, vector.getField())) {
        vector = VectorConversion.convert(vector, batch, field, allocator);
        converted.add(vector);
      }
      columns.add(vector);
    }
    return new Batch(columns, batch.rowCount(), batch.selection());
  }

  private void release() {
    converted.forEach(FieldVector::close);
    converted.clear();
  }

  @Override
  public void close() {
    try {
      release();
    } finally {
      source.close();
    }
  }
}
