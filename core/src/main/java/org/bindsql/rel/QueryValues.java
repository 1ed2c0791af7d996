package org.bindsql.rel;

import java.math.BigDecimal;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rex.RexNode;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/** Constants of a search as values: the query, its radius, LIMIT and OFFSET. */
final class QueryValues {
  private QueryValues() {}

  /** Bytes of a code; null for SQL NULL. */
  static byte @Nullable [] code(
      String function, RexNode node, ConstantCode code, ExecutionContext context) {
    return switch (code.evaluate(node, ByteString.class, context)) {
      case null -> null;
      case ByteString bytes -> bytes.getBytes();
      case byte[] bytes -> bytes;
      case Object other ->
          throw new BindSqlException(
              ErrorCode.TYPE_MISMATCH,
              function
                  + ": "
                  + node
                  + " is a "
                  + other.getClass().getSimpleName()
                  + ", expected binary");
    };
  }

  /** Value of a number; null for SQL NULL. */
  static @Nullable Number number(
      String what, RexNode node, ConstantCode code, ExecutionContext context) {
    return switch (code.evaluate(node, BigDecimal.class, context)) {
      case null -> null;
      case Number number -> number;
      case Object other ->
          throw new BindSqlException(
              ErrorCode.TYPE_MISMATCH,
              what
                  + ": "
                  + node
                  + " is a "
                  + other.getClass().getSimpleName()
                  + ", expected a number");
    };
  }

  /** Value of LIMIT or OFFSET. */
  static long rowCount(String clause, RexNode node, ConstantCode code, ExecutionContext context) {
    Number number = number(clause, node, code, context);
    if (number == null || number.longValue() < 0) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, clause + " is " + number + "; expected 0 or more");
    }
    return number.longValue();
  }
}
