package org.bindsql.expr;

import org.apache.arrow.vector.ExtensionTypeVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;

/** Column of the input, by position. */
public record ColumnRef(int index, Field field) implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    // An extension type adds meaning that SQL does not know to values that are stored as usual.
    FieldVector vector = batch.column(index);
    return new Column.VectorColumn(
        vector instanceof ExtensionTypeVector<?> extension
            ? (FieldVector) extension.getUnderlyingVector()
            : vector,
        false);
  }
}
