package org.bindsql.functions;

import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.expr.Column;
import org.bindsql.expr.VectorFunction;
import org.bindsql.vector.Selection;

/** Batch form that evaluates a function's body at each active row. */
record RowLoop(String function, Body body) implements VectorFunction {
  @Override
  public void apply(List<Column> arguments, Selection rows, FieldVector result) {
    VectorArguments current = new VectorArguments(function, arguments);
    ResultWriter writer = ResultWriter.of(function, result);
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      Object value = current.moveTo(row) ? body.apply(current) : null;
      if (value == null) {
        result.setNull(row);
      } else {
        writer.set(row, value);
      }
    }
  }
}
