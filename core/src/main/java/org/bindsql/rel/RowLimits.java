package org.bindsql.rel;

import java.math.BigDecimal;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/** Values of OFFSET and FETCH (LIMIT), which may be dynamic parameters of any integer type. */
public final class RowLimits {
  private static final BigDecimal GREATEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private RowLimits() {}

  /** Rows to skip; 0 if there is no OFFSET. */
  public static long offset(
      @Nullable RexNode offset, RexBuilder rexBuilder, ExecutionContext context) {
    return offset == null ? 0 : value("OFFSET", offset, rexBuilder, context);
  }

  /** Greatest number of rows to return; Long.MAX_VALUE if there is no FETCH. */
  public static long fetch(
      @Nullable RexNode fetch, RexBuilder rexBuilder, ExecutionContext context) {
    return fetch == null ? Long.MAX_VALUE : value("LIMIT", fetch, rexBuilder, context);
  }

  private static long value(
      String clause, RexNode node, RexBuilder rexBuilder, ExecutionContext context) {
    Object value =
        node instanceof RexLiteral literal
            ? literal.getValueAs(BigDecimal.class)
            : node instanceof RexDynamicParam parameter
                ? context.parameter(parameter.getIndex())
                : Constants.evaluate(node, rexBuilder, context);
    BigDecimal number =
        value instanceof BigDecimal decimal
            ? decimal
            : value instanceof Number n ? new BigDecimal(n.toString()) : null;
    if (number == null || number.signum() < 0) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          clause + ": " + (value == null ? "NULL" : value) + " given, expected 0 or more");
    }
    return number.min(GREATEST).longValue();
  }
}
