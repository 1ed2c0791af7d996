package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Rows in the Arrow types of the table that they are to be appended to. */
final class AppendReader implements BatchReader {
  private final BatchReader input;
  private final List<Field> fields;
  private final StoredColumns stored;

  AppendReader(BatchReader input, List<Field> fields, ExecutionContext context) {
    this.input = input;
    this.fields = fields;
    this.stored = new StoredColumns(context.allocator());
  }

  @Override
  public @Nullable Batch next() {
    stored.close();
    Batch batch = input.next();
    if (batch == null) {
      return null;
    }
    List<FieldVector> columns = new ArrayList<>(fields.size());
    for (int i = 0; i < fields.size(); i++) {
      columns.add(stored.as(fields.get(i), batch.column(i), batch.rowCount(), batch.selection()));
    }
    return new Batch(columns, batch.rowCount(), batch.selection());
  }

  @Override
  public void close() {
    try (input) {
      stored.close();
    }
  }
}
