package org.bindsql.expr;

import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * Comparison of two expressions; NULL if either is.
 *
 * @param kind domain in which both are compared
 */
public record Compare(
    Operator operator, ValueKind kind, VectorExpr left, VectorExpr right, Field field)
    implements VectorExpr {

  /** Comparison operators. With NaN on either side only {@code <>} holds, as in Java. */
  public enum Operator {
    EQ(Relation.EQUAL),
    NE(Relation.LESS | Relation.GREATER | Relation.UNORDERED),
    LT(Relation.LESS),
    LE(Relation.LESS | Relation.EQUAL),
    GT(Relation.GREATER),
    GE(Relation.GREATER | Relation.EQUAL);

    private final int relations;

    Operator(int relations) {
      this.relations = relations;
    }

    /** Whether the operator holds for operands in the given relation. */
    private boolean holds(int relation) {
      return (relations & relation) != 0;
    }
  }

  /** How two values relate, one bit each. */
  private static final class Relation {
    static final int LESS = 1;
    static final int EQUAL = 2;
    static final int GREATER = 4;
    static final int UNORDERED = 8; // one side is NaN
  }

  @Override
  public Column evaluate(Batch batch, ExecutionContext context) {
    Column a = left.evaluate(batch, context);
    try {
      Column b = right.evaluate(batch, context);
      try {
        NullReader nullA = NullReader.of(a);
        NullReader nullB = NullReader.of(b);
        Rows.Test test = test(a, b);
        BitVector result = Vectors.bits(field, batch, context);
        Selection rows = batch.selection();
        for (int i = 0; i < rows.count(); i++) {
          int row = rows.position(i);
          if (!nullA.isNull(row) && !nullB.isNull(row)) {
            result.set(row, test.holds(row) ? 1 : 0);
          }
        }
        return new Column.VectorColumn(result, true);
      } finally {
        b.release();
      }
    } finally {
      a.release();
    }
  }

  /** The rows for which the comparison is TRUE. */
  Selection filter(Batch batch, Selection rows, ExecutionContext context) {
    Batch active = batch.withSelection(rows);
    Column a = left.evaluate(active, context);
    try {
      Column b = right.evaluate(active, context);
      try {
        NullReader nullA = NullReader.of(a);
        NullReader nullB = NullReader.of(b);
        Rows.Test test = test(a, b);
        return nullA == NullReader.NEVER && nullB == NullReader.NEVER
            ? Rows.where(rows, test)
            : Rows.where(rows, row -> !nullA.isNull(row) && !nullB.isNull(row) && test.holds(row));
      } finally {
        b.release();
      }
    } finally {
      a.release();
    }
  }

  /** Comparison of rows in which neither side is NULL. */
  private Rows.Test test(Column a, Column b) {
    return switch (kind) {
      case BOOLEAN, LONG -> longs(LongReader.of(a), LongReader.of(b));
      case FLOAT, DOUBLE -> doubles(DoubleReader.of(a, kind), DoubleReader.of(b, kind));
      case STRING, BYTES -> bytes(BytesReader.of(a), BytesReader.of(b));
    };
  }

  private Rows.Test longs(LongReader a, LongReader b) {
    return switch (operator) {
      case EQ -> row -> a.get(row) == b.get(row);
      case NE -> row -> a.get(row) != b.get(row);
      case LT -> row -> a.get(row) < b.get(row);
      case LE -> row -> a.get(row) <= b.get(row);
      case GT -> row -> a.get(row) > b.get(row);
      case GE -> row -> a.get(row) >= b.get(row);
    };
  }

  private Rows.Test doubles(DoubleReader a, DoubleReader b) {
    return row -> {
      double x = a.get(row);
      double y = b.get(row);
      int relation =
          x < y
              ? Relation.LESS
              : x > y ? Relation.GREATER : x == y ? Relation.EQUAL : Relation.UNORDERED;
      return operator.holds(relation);
    };
  }

  private Rows.Test bytes(BytesReader a, BytesReader b) {
    return switch (operator) {
      case EQ -> row -> a.seek(row).sameAs(b.seek(row));
      case NE -> row -> !a.seek(row).sameAs(b.seek(row));
      case LT, LE, GT, GE ->
          row -> {
            int order = a.seek(row).compare(b.seek(row), kind);
            int relation =
                order < 0 ? Relation.LESS : order > 0 ? Relation.GREATER : Relation.EQUAL;
            return operator.holds(relation);
          };
    };
  }
}
