package org.bindsql.expr;

import org.apache.arrow.vector.FieldVector;

/**
 * Order of rows of one vector relative to rows of another of the same type, as SQL sorts them:
 * numbers by value with NaN last, text by UTF-16 code units, binary by unsigned bytes.
 */
@FunctionalInterface
public interface RowOrder {
  /** Negative, zero or positive as {@code a}'s value comes before, with or after {@code b}'s. */
  int compare(int a, int b);

  /**
   * One sort key.
   *
   * @param column position of the column in the batch
   * @param kind domain of its values
   */
  record Key(int column, ValueKind kind, boolean descending, boolean nullsFirst) {
    /** The order between rows of two vectors of this key, which may grow afterwards. */
    public RowOrder between(FieldVector left, FieldVector right) {
      RowOrder values = values(left, right, kind);
      int nullBefore = nullsFirst ? -1 : 1;
      return (a, b) -> {
        boolean nullA = left.isNull(a);
        boolean nullB = right.isNull(b);
        if (nullA || nullB) {
          return nullA == nullB ? 0 : nullA ? nullBefore : -nullBefore;
        }
        int order = values.compare(a, b);
        return descending ? -Integer.signum(order) : order;
      };
    }
  }

  /** Ascending order of values that are not NULL. */
  static RowOrder values(FieldVector left, FieldVector right, ValueKind kind) {
    return switch (kind) {
      case BOOLEAN, LONG -> {
        LongReader a = LongReader.of(left);
        LongReader b = LongReader.of(right);
        yield (i, j) -> Long.compare(a.get(i), b.get(j));
      }
      case FLOAT, DOUBLE -> {
        DoubleReader a = DoubleReader.of(new Column.VectorColumn(left, false), kind);
        DoubleReader b = DoubleReader.of(new Column.VectorColumn(right, false), kind);
        yield (i, j) -> Double.compare(a.get(i), b.get(j));
      }
      case STRING, BYTES -> {
        BytesReader a = BytesReader.of(left);
        BytesReader b = BytesReader.of(right);
        yield (i, j) -> a.seek(i).compare(b.seek(j), kind);
      }
    };
  }
}
