package org.bindsql.expr;

import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Least or greatest text or binary value; a value is copied only when it becomes the best. */
final class BytesAccumulator implements Accumulator {
  private final ValueKind kind;
  private final int sign;
  private byte[] @Nullable [] best = new byte[1][];

  /** Creates an accumulator of the least (sign -1) or greatest (1) value. */
  BytesAccumulator(ValueKind kind, int sign) {
    this.kind = kind;
    this.sign = sign;
  }

  @Override
  public void update(FieldVector column, Selection rows, int[] groups, int groupCount) {
    if (best.length < groupCount) {
      best = Arrays.copyOf(best, Accumulator.grown(best.length, groupCount));
    }
    BytesReader reader = BytesReader.of(column);
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (!column.isNull(row)) {
        byte[] old = best[groups[i]];
        reader.seek(row);
        if (old == null || sign * reader.compare(BytesReader.of(old), kind) > 0) {
          best[groups[i]] = reader.copy();
        }
      }
    }
  }

  @Override
  public @Nullable Object result(int group) {
    return group < best.length ? best[group] : null;
  }
}
