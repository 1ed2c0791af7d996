package org.bindsql.expr;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Fold of whole numbers. */
final class LongAccumulator implements Accumulator {
  private final LongBinaryOperator fold;
  private final boolean emptyIsZero;
  private long[] values = new long[1];
  private boolean[] seen = new boolean[1];

  LongAccumulator(LongBinaryOperator fold, boolean emptyIsZero) {
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
    LongReader reader = LongReader.of(column);
    boolean noNulls = column.getNullCount() == 0;
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (noNulls || !column.isNull(row)) {
        int group = groups[i];
        long value = reader.get(row);
        values[group] = seen[group] ? fold.applyAsLong(values[group], value) : value;
        seen[group] = true;
      }
    }
  }

  @Override
  public @Nullable Object result(int group) {
    if (group < seen.length && seen[group]) {
      return values[group];
    }
    return emptyIsZero ? (Long) 0L : null;
  }
}
