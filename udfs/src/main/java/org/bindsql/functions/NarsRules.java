package org.bindsql.functions;

import java.util.function.BinaryOperator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.schema.Truth;

/** Bodies of the NARS inference functions, on truth values given as numbers. */
final class NarsRules {
  private NarsRules() {}

  /** A rule on (f1, c1, f2, c2) as ROW(f, c). */
  static Object combine(String function, Arguments arguments, BinaryOperator<Truth> rule) {
    return row(rule.apply(truth(function, arguments, 0), truth(function, arguments, 2)));
  }

  static Object negation(String function, Arguments arguments) {
    return row(truth(function, arguments, 0).negation());
  }

  static Object expectation(String function, Arguments arguments) {
    return truth(function, arguments, 0).expectation();
  }

  private static Object[] row(Truth truth) {
    return new Object[] {truth.frequency(), truth.confidence()};
  }

  private static Truth truth(String function, Arguments arguments, int i) {
    return new Truth(
        unit(function, "frequency", arguments.real(i)),
        unit(function, "confidence", arguments.real(i + 1)));
  }

  private static double unit(String function, String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "%s: %s is %s, expected 0 to 1".formatted(function, what, value));
    }
    return value;
  }
}
