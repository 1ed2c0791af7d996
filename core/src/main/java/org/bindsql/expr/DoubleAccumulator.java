package org.bindsql.expr;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Fold of floating-point numbers. */
final class DoubleAccumulator implements Accumulator {
  private final ValueKind kind;
  private final DoubleBinaryOperator fold;
  private final boolean emptyIsZero;
  private double[] values = new double[1];
  private boolean[] seen = new boolean[1];

  DoubleAccumulator(ValueKind kind, DoubleBinaryOperator fold, boolean emptyIsZero) {
    this.kind = kind;
    this.fold = fold;
    this.emptyIsZero = emptyIsZero;
  }

  @Override
  public void update(FieldVector column, Selection rows, int[] groups, int groupCount) {
    if (values.length < groupCount) {
      int length = Accumulator.grown(values.length, groupCount);
      values = Arrays.copyOf(values, length);
      seen = Arrays.copyOf(seen, length);
    }
    DoubleReader reader = DoubleReader.of(new Column.VectorColumn(column, false), kind);
    boolean noNulls = column.getNullCount() == 0;
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (noNulls || !column.isNull(row)) {
        int group = groups[i];
        double value = reader.get(row);
        values[group] = seen[group] ? fold.applyAsDouble(values[group], value) : value;
        seen[group] = true;
      }
    }
  }

  @Override
  public @Nullable Object result(int group) {
    if (group < seen.length && seen[group]) {
      return values[group];
    }
    return emptyIsZero ? (Double) 0.0 : null;
  }
}
