package org.bindsql.expr;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;

/** Call of a function that has a batch implementation. */
public record Call(VectorFunction function, List<VectorExpr> operands, Field field)
    implements VectorExpr {
  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    List<Column> arguments = new ArrayList<>(operands.size());
    try {
      for (VectorExpr operand : operands) {
        arguments.add(operand.evaluate(batch, context));
      }
      FieldVector result = field.createVector(context.allocator());
      try {
        result.setInitialCapacity(batch.rowCount());
        result.allocateNew();
        function.apply(arguments, batch.selection(), result);
        result.setValueCount(batch.rowCount());
      } catch (Throwable e) {
        result.close();
        throw e;
      }
      return new Column.VectorColumn(result, true);
    } finally {
      arguments.forEach(Column::release);
    }
  }
}
