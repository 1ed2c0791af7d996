package org.bindsql.functions;

import java.util.List;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Bodies of the distances on arrays of numbers. */
final class NumberArrays {
  private NumberArrays() {}

  /** Square root of the sum of squared differences. */
  static Object l2(String function, Arguments arguments) {
    double[] a = numbers(function, arguments, 0);
    double[] b = numbers(function, arguments, 1);
    checkSameLength(function, a, b);
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return Math.sqrt(sum);
  }

  /** 1 - a.b / (|a| |b|); NaN if one is all zero. */
  static Object cosine(String function, Arguments arguments) {
    double[] a = numbers(function, arguments, 0);
    double[] b = numbers(function, arguments, 1);
    checkSameLength(function, a, b);
    return 1 - dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b)));
  }

  static Object inner(String function, Arguments arguments) {
    double[] a = numbers(function, arguments, 0);
    double[] b = numbers(function, arguments, 1);
    checkSameLength(function, a, b);
    return dot(a, b);
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] numbers(String function, Arguments arguments, int i) {
    List<? extends @Nullable Object> list = arguments.array(i);
    double[] numbers = new double[list.size()];
    int n = 0;
    for (Object element : list) {
      if (element == null) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "%s: argument %d has a NULL at position %d, expected numbers only"
                .formatted(function, i + 1, n + 1));
      }
      numbers[n++] = Numbers.real(function, i, element);
    }
    return numbers;
  }

  private static void checkSameLength(String function, double[] a, double[] b) {
    if (a.length != b.length) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "%s: arrays differ in length: %d and %d".formatted(function, a.length, b.length));
    }
  }
}
