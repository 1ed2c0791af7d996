package org.bindsql.rel;

import java.util.List;
import org.apache.arrow.vector.BitVector;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.runtime.SqlFunctions;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.bindsql.expr.Column;
import org.bindsql.expr.TextReader;
import org.bindsql.expr.VectorFunction;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** {@code LIKE}, optionally with ESCAPE, as Calcite's row function matches it. */
final class LikeFunction {
  private LikeFunction() {}

  /** The batch form of a LIKE call; null for other operators of its kind (ILIKE). */
  static @Nullable VectorFunction of(RexCall call) {
    if (!call.getOperator().equals(SqlStdOperatorTable.LIKE)) {
      return null;
    }
    // Keeps the compiled patterns.
    SqlFunctions.LikeFunction like = new SqlFunctions.LikeFunction();
    return (arguments, rows, result) -> apply(like, arguments, rows, (BitVector) result);
  }

  private static void apply(
      SqlFunctions.LikeFunction like, List<Column> arguments, Selection rows, BitVector result) {
    TextReader texts = TextReader.of(arguments.get(0));
    TextReader patterns = TextReader.of(arguments.get(1));
    TextReader escapes = arguments.size() > 2 ? TextReader.of(arguments.get(2)) : null;
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      String text = texts.get(row);
      String pattern = patterns.get(row);
      String escape = escapes == null ? null : escapes.get(row);
      if (text == null || pattern == null || (escapes != null && escape == null)) {
        result.setNull(row);
      } else {
        boolean matches =
            escape == null ? like.like(text, pattern) : like.like(text, pattern, escape);
        result.set(row, matches ? 1 : 0);
      }
    }
  }
}
