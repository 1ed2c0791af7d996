package org.bindsql.functions;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Numeric arguments in whatever Java form they arrive. */
final class Numbers {
  private Numbers() {}

  static long exact(String function, int i, Object value) {
    try {
      return switch (value) {
        case Integer n -> n;
        case Long n -> n;
        case Short n -> n;
        case Byte n -> n;
        case BigInteger n -> n.longValueExact();
        case BigDecimal n -> n.longValueExact();
        case Number n -> new BigDecimal(n.toString()).longValueExact();
        default -> throw unexpected(function, i, "an integer", value);
      };
    } catch (ArithmeticException | NumberFormatException e) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "%s: argument %d is %s, expected a 64-bit integer".formatted(function, i + 1, value),
          e);
    }
  }

  static double real(String function, int i, Object value) {
    if (value instanceof Number n) {
      return n.doubleValue();
    }
    throw unexpected(function, i, "a number", value);
  }

  static List<Float> box(float[] values) {
    List<Float> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  static List<Double> box(double[] values) {
    List<Double> list = new ArrayList<>(values.length);
    for (double value : values) {
      list.add(value);
    }
    return list;
  }

  static BindSqlException unexpected(String function, int i, String expected, Object value) {
    return new BindSqlException(
        ErrorCode.TYPE_MISMATCH,
        "%s: argument %d is a %s, expected %s"
            .formatted(function, i + 1, value.getClass().getSimpleName(), expected));
  }
}
