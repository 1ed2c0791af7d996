package org.bindsql.expr;

import org.apache.arrow.vector.FieldVector;

/**
 * Column by which rows are grouped; NULL is one group, and so is NaN, while 0.0 and -0.0 are two.
 *
 * @param kind domain of its values
 */
public record GroupKey(ValueKind kind) {
  /** Hashes of a batch's rows, and their equality with groups. */
  public interface Matcher {
    /** Hash of the key of a row of the batch. */
    int hash(int row);

    /** Whether the key of a row of the batch is the key of a group. */
    boolean matches(int row, int group);
  }

  /** Compares rows of a batch with groups; the vector of groups may grow afterwards. */
  public Matcher between(FieldVector rows, FieldVector groups) {
    Matcher values = values(rows, groups);
    return new Matcher() {
      @Override
      public int hash(int row) {
        return rows.isNull(row) ? 0 : values.hash(row);
      }

      @Override
      public boolean matches(int row, int group) {
        boolean isNull = rows.isNull(row);
        return isNull == groups.isNull(group) && (isNull || values.matches(row, group));
      }
    };
  }

  private Matcher values(FieldVector rows, FieldVector groups) {
    return switch (kind) {
      case BOOLEAN, LONG -> longs(LongReader.of(rows), LongReader.of(groups));
      case FLOAT, DOUBLE -> {
        DoubleReader a = DoubleReader.of(new Column.VectorColumn(rows, false), kind);
        DoubleReader b = DoubleReader.of(new Column.VectorColumn(groups, false), kind);
        yield longs(
            row -> Double.doubleToLongBits(a.get(row)),
            group -> Double.doubleToLongBits(b.get(group)));
      }
      case STRING, BYTES -> bytes(BytesReader.of(rows), BytesReader.of(groups));
    };
  }

  private static Matcher longs(LongReader rows, LongReader groups) {
    return new Matcher() {
      @Override
      public int hash(int row) {
        // Spread, since keys are often consecutive and end in equal bits.
        long mixed = rows.get(row) * 0x9E37_79B9_7F4A_7C15L;
        return (int) (mixed >>> 32);
      }

      @Override
      public boolean matches(int row, int group) {
        return rows.get(row) == groups.get(group);
      }
    };
  }

  private static Matcher bytes(BytesReader rows, BytesReader groups) {
    return new Matcher() {
      @Override
      public int hash(int row) {
        return rows.seek(row).hash();
      }

      @Override
      public boolean matches(int row, int group) {
        return rows.seek(row).sameAs(groups.seek(group));
      }
    };
  }
}
