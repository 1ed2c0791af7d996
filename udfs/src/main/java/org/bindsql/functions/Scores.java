package org.bindsql.functions;

import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * Scores that rank rows by more than their distance; the smaller the better. Each grows with the
 * distance if nothing else changes.
 */
final class Scores {
  private Scores() {}

  /** {@code trunc(d * (1 - bonus))} for a neighbour, d for others. */
  static Object bloom(String function, Arguments arguments) {
    long distance = distance(function, arguments);
    double bonus = arguments.real(2);
    if (!(bonus >= 0 && bonus < 1)) {
      throw bad(function, "bonus is %s, expected 0 or more and less than 1".formatted(bonus));
    }
    return (int) (arguments.truth(1) ? Math.floor(distance * (1 - bonus)) : distance);
  }

  /** {@code (1 - alpha) * d / bits + alpha * (1 - q) / 2}. */
  static Object reward(String function, Arguments arguments) {
    long distance = distance(function, arguments);
    long bits = arguments.integer(1);
    double q = arguments.real(2);
    double alpha = arguments.real(3);
    if (bits < 1 || distance > bits) {
      throw bad(function, "%d bits differ of %d, expected at most all".formatted(distance, bits));
    }
    if (!(alpha >= 0 && alpha <= 1)) {
      throw bad(function, "alpha is %s, expected 0 to 1".formatted(alpha));
    }
    return (1 - alpha) * distance / bits + alpha * (1 - q) / 2;
  }

  private static long distance(String function, Arguments arguments) {
    long distance = arguments.integer(0);
    if (distance < 0 || distance > Integer.MAX_VALUE) {
      throw bad(function, "distance is %d, expected 0 or more".formatted(distance));
    }
    return distance;
  }

  private static BindSqlException bad(String function, String problem) {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, function + ": " + problem);
  }
}
