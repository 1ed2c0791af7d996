package org.bindsql.expr;

import java.util.ArrayList;
import java.util.List;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/** Conditions as predicates: a row passes if the condition is TRUE, not if it is NULL. */
public final class Predicates {
  private Predicates() {}

  /** The predicate that a condition of type BOOLEAN is TRUE. */
  public static BatchPredicate of(VectorExpr condition) {
    return switch (condition) {
      case Logical(boolean and, List<VectorExpr> operands, var ignored) -> {
        List<BatchPredicate> parts = new ArrayList<>();
        operands.forEach(operand -> parts.add(of(operand)));
        yield and ? and(parts) : or(parts);
      }
      case Compare compare -> compare::filter;
      default -> (batch, rows, context) -> whereTrue(condition, batch, rows, context);
    };
  }

  /** All of the predicates; later ones see only the rows that earlier ones kept. */
  public static BatchPredicate and(List<BatchPredicate> parts) {
    List<BatchPredicate> all = List.copyOf(parts);
    return (batch, rows, context) -> {
      Selection kept = rows;
      for (BatchPredicate part : all) {
        if (kept.isEmpty()) {
          break;
        }
        kept = part.filter(batch, kept, context);
      }
      return kept;
    };
  }

  /** Any of the predicates; later ones see only the rows that earlier ones dropped. */
  public static BatchPredicate or(List<BatchPredicate> parts) {
    List<BatchPredicate> all = List.copyOf(parts);
    return (batch, rows, context) -> {
      Selection kept = Selection.empty();
      Selection open = rows;
      for (BatchPredicate part : all) {
        if (open.isEmpty()) {
          break;
        }
        Selection passed = part.filter(batch, open, context);
        open = Rows.minus(open, passed);
        kept = Rows.union(kept, passed);
      }
      return kept;
    };
  }

  private static Selection whereTrue(
      VectorExpr condition, Batch batch, Selection rows, ExecutionContext context) {
    Column column = condition.evaluate(batch.withSelection(rows), context);
    try {
      NullReader nulls = NullReader.of(column);
      LongReader values = LongReader.of(column);
      return Rows.where(rows, row -> !nulls.isNull(row) && values.get(row) == 1);
    } finally {
      column.release();
    }
  }
}
