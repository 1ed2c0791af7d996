package org.bindsql.expr;

import java.util.Arrays;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** State of one aggregate call for every group, in arrays indexed by group number. */
public interface Accumulator {
  /**
   * Takes in the values of a column at some rows.
   *
   * @param groups the group of the i-th row of {@code rows}
   * @param groupCount number of groups so far
   */
  void update(FieldVector column, Selection rows, int[] groups, int groupCount);

  /** The result for a group, in the form of {@link Column.ScalarColumn}; null for NULL. */
  @Nullable Object result(int group);

  /** Number of values that are not NULL. */
  static Accumulator count() {
    return new CountAccumulator();
  }

  /**
   * Sum of the values: whole numbers wrap around at 64 bits, REAL is rounded after each addition.
   *
   * @param emptyIsZero whether no value sums to 0 rather than to NULL
   */
  static Accumulator sum(ValueKind kind, boolean emptyIsZero) {
    return kind == ValueKind.LONG
        ? new LongAccumulator((sum, value) -> sum + value, emptyIsZero)
        : new DoubleAccumulator(
            kind,
            kind == ValueKind.FLOAT
                ? (sum, value) -> (float) (sum + value)
                : (sum, value) -> sum + value,
            emptyIsZero);
  }

  /** Least value, in the order of {@link RowOrder}. */
  static Accumulator least(ValueKind kind) {
    return switch (kind) {
      case BOOLEAN, LONG -> new LongAccumulator(Math::min, false);
      case FLOAT, DOUBLE ->
          new DoubleAccumulator(kind, (a, b) -> Double.compare(a, b) <= 0 ? a : b, false);
      case STRING, BYTES -> new BytesAccumulator(kind, -1);
    };
  }

  /** Greatest value, in the order of {@link RowOrder}. */
  static Accumulator greatest(ValueKind kind) {
    return switch (kind) {
      case BOOLEAN, LONG -> new LongAccumulator(Math::max, false);
      case FLOAT, DOUBLE ->
          new DoubleAccumulator(kind, (a, b) -> Double.compare(a, b) >= 0 ? a : b, false);
      case STRING, BYTES -> new BytesAccumulator(kind, 1);
    };
  }

  /** Room for {@code count} entries, at least doubling. */
  static int grown(int length, int count) {
    return Math.max(count, 2 * length);
  }

  /** Counts. */
  final class CountAccumulator implements Accumulator {
    private long[] counts = new long[1];

    @Override
    public void update(FieldVector column, Selection rows, int[] groups, int groupCount) {
      grow(groupCount);
      boolean noNulls = column.getNullCount() == 0;
      for (int i = 0; i < rows.count(); i++) {
        if (noNulls || !column.isNull(rows.position(i))) {
          counts[groups[i]]++;
        }
      }
    }

    /** Takes in rows whatever their values. */
    public void update(Selection rows, int[] groups, int groupCount) {
      grow(groupCount);
      for (int i = 0; i < rows.count(); i++) {
        counts[groups[i]]++;
      }
    }

    private void grow(int groupCount) {
      if (counts.length < groupCount) {
        counts = Arrays.copyOf(counts, grown(counts.length, groupCount));
      }
    }

    @Override
    public Object result(int group) {
      return group < counts.length ? counts[group] : 0L;
    }
  }
}
