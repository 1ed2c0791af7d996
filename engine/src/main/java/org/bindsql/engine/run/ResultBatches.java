package org.bindsql.engine.run;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.type.VectorConversion;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** The batches of one run of a query as its {@link ResultSchema} says; owns all of the run. */
public final class ResultBatches implements BatchReader {
  private final BatchReader input;
  private final Schema schema;
  private final int @Nullable [] columns;
  private final long maxRows;
  private final ExecutionContext context;
  private final StatementScope scope;
  private final List<FieldVector> converted = new ArrayList<>();
  private long rows;
  private boolean closed;

  /**
   * Creates a reader that closes {@code input}, the context's allocator and the scope.
   *
   * @param columns positions of the result's columns in the input, or null if they are the same
   * @param maxRows greatest number of rows before the query fails, 0 for no bound
   */
  public ResultBatches(
      BatchReader input,
      Schema schema,
      int @Nullable [] columns,
      long maxRows,
      ExecutionContext context,
      StatementScope scope) {
    this.input = input;
    this.schema = schema;
    this.columns = columns;
    this.maxRows = maxRows;
    this.context = context;
    this.scope = scope;
  }

  /** What the operators of the run share. */
  public ExecutionContext execution() {
    return context;
  }

  /** The memory of the run, for what is made of the batches; closed by {@link #close}. */
  public BufferAllocator allocator() {
    return context.allocator();
  }

  @Override
  public @Nullable Batch next() {
    release();
    context.checkCancelled();
    Batch batch = input.next();
    if (batch == null) {
      return null;
    }
    rows += batch.selection().count();
    RowLimit.check(rows, maxRows);
    return typed(columns == null ? batch : batch.select(columns));
  }

  private Batch typed(Batch batch) {
    List<FieldVector> vectors = new ArrayList<>(batch.columns().size());
    for (int i = 0; i < batch.columns().size(); i++) {
      Field field = schema.getFields().get(i);
      FieldVector vector = batch.column(i);
      vectors.add(
          VectorConversion.isSame(field, vector.getField())
              ? vector
              : convert(vector, field, batch));
    }
    return new Batch(vectors, batch.rowCount(), batch.selection());
  }

  private FieldVector convert(FieldVector vector, Field field, Batch batch) {
    FieldVector result = VectorConversion.convert(vector, batch, field, context.allocator());
    converted.add(result);
    return result;
  }

  private void release() {
    converted.forEach(FieldVector::close);
    converted.clear();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // Closed from the last to the first: each uses those before it.
    try (scope;
        var memory = context.allocator();
        input) {
      release();
    }
  }
}
