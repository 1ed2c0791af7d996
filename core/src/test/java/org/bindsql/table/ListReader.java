package org.bindsql.table;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Reader over rows in Enumerable's runtime form. */
public final class ListReader implements BatchReader {
  private final Schema schema;
  private final List<@Nullable Object[]> rows;
  private final int[] columns;
  private final ExecutionContext context;
  private List<FieldVector> vectors = List.of();
  private int next;

  /** Creates a reader of some columns of the rows, {@code context.batchSize()} rows at a time. */
  public ListReader(
      Schema schema, List<@Nullable Object[]> rows, int[] columns, ExecutionContext context) {
    this.schema = schema;
    this.rows = rows;
    this.columns = columns.clone();
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    close();
    int count = Math.min(context.batchSize(), rows.size() - next);
    if (count == 0) {
      return null;
    }
    vectors = new ArrayList<>();
    for (int column : columns) {
      FieldVector vector = schema.getFields().get(column).createVector(context.allocator());
      vectors.add(vector);
      vector.allocateNew();
      CellWriter writer = CellWriter.of(vector);
      for (int i = 0; i < count; i++) {
        writer.set(i, rows.get(next + i)[column]);
      }
      vector.setValueCount(count);
    }
    next += count;
    return Batch.of(vectors, count);
  }

  @Override
  public void close() {
    vectors.forEach(FieldVector::close);
    vectors = List.of();
  }
}
