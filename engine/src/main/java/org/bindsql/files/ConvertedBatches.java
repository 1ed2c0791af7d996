package org.bindsql.files;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.type.VectorConversion;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Batches whose columns have the Arrow types of a schema. */
final class ConvertedBatches implements BatchReader {
  private final BatchReader source;
  private final Schema schema;
  private final ExecutionContext context;
  private final List<FieldVector> converted = new ArrayList<>();

  /** Creates a reader that closes {@code source}. */
  ConvertedBatches(BatchReader source, Schema schema, ExecutionContext context) {
    this.source = source;
    this.schema = schema;
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    release();
    Batch batch = source.next();
    if (batch == null) {
      return null;
    }
    List<FieldVector> columns = new ArrayList<>();
    for (int i = 0; i < batch.columns().size(); i++) {
      Field field = schema.getFields().get(i);
      FieldVector vector = batch.column(i);
      if (!VectorConversion.isSame(field, vector.getField())) {
        vector = VectorConversion.convert(vector, batch, field, context.allocator());
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
    release();
    source.close();
  }
}
