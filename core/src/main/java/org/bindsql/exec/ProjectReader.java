package org.bindsql.exec;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.expr.Column;
import org.bindsql.expr.ValueWriter;
import org.bindsql.expr.VectorExpr;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Expressions over the input's batches; columns that are passed on are not copied. */
public final class ProjectReader implements BatchReader {
  private final BatchReader input;
  private final List<VectorExpr> expressions;
  private final ExecutionContext context;
  private final List<FieldVector> owned = new ArrayList<>();

  /** Creates a reader that closes {@code input}. */
  public ProjectReader(BatchReader input, List<VectorExpr> expressions, ExecutionContext context) {
    this.input = input;
    this.expressions = List.copyOf(expressions);
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    release();
    Batch batch = input.next();
    if (batch == null) {
      return null;
    }
    List<FieldVector> columns = new ArrayList<>(expressions.size());
    for (VectorExpr expression : expressions) {
      columns.add(evaluate(expression, batch));
    }
    return new Batch(columns, batch.rowCount(), batch.selection());
  }

  private FieldVector evaluate(VectorExpr expression, Batch batch) {
    return switch (expression.evaluate(batch, context)) {
      case Column.VectorColumn(FieldVector vector, boolean isOwned) -> {
        if (isOwned) {
          owned.add(vector);
        }
        yield vector;
      }
      case Column.ScalarColumn(Object value) -> repeat(expression, value, batch);
    };
  }

  /** A constant, at last needed as a column. */
  private FieldVector repeat(VectorExpr expression, @Nullable Object value, Batch batch) {
    FieldVector vector = expression.field().createVector(context.allocator());
    owned.add(vector);
    vector.setInitialCapacity(batch.rowCount());
    vector.allocateNew();
    ValueWriter writer = ValueWriter.of(vector);
    Selection rows = batch.selection();
    for (int i = 0; i < rows.count(); i++) {
      writer.set(rows.position(i), value);
    }
    vector.setValueCount(batch.rowCount());
    return vector;
  }

  private void release() {
    owned.forEach(FieldVector::close);
    owned.clear();
  }

  @Override
  public void close() {
    release();
    input.close();
  }
}
