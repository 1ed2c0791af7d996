package org.bindsql.schema;

import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * Real numbers as the sidecar's integers: {@code floor(x * scale + 0.5)} in double arithmetic.
 *
 * <p>Thresholds of predicates go through the same functions, so a value written as x passes {@code
 * >= x}. Arguments outside a range are clamped to it; NaN is {@link ErrorCode#BAD_ARGUMENT}.
 */
public final class Quantiser {
  private static final double UNIT = 65535;
  private static final double Q = 127;
  private static final double REWARD = 32767;

  private Quantiser() {}

  /** A number of [0, 1] as 0 to 65535. */
  public static int unit(double x) {
    return round(x, 0, 1, UNIT);
  }

  /** A confidence of [0, 1) as 0 to 65528, which is 0.9999. */
  public static int confidence(double x) {
    return round(x, 0, 0.9999, UNIT);
  }

  /** A Q-value of [-1, 1] as -127 to 127. */
  public static int q(double x) {
    return round(x, -1, 1, Q);
  }

  /** A reward of [-1, 1] as -32767 to 32767. */
  public static int reward(double x) {
    return round(x, -1, 1, REWARD);
  }

  /** The number that 0 to 65535 stands for. */
  public static double fromUnit(int raw) {
    return raw / UNIT;
  }

  /** The Q-value that -128 to 127 stands for. */
  public static double fromQ(int raw) {
    return raw / Q;
  }

  /** The reward that -32768 to 32767 stands for. */
  public static double fromReward(int raw) {
    return raw / REWARD;
  }

  private static int round(double x, double min, double max, double scale) {
    if (Double.isNaN(x)) {
      throw new BindSqlException(ErrorCode.BAD_ARGUMENT, "NaN cannot be quantised");
    }
    return (int) Math.floor(Math.clamp(x, min, max) * scale + 0.5);
  }
}
