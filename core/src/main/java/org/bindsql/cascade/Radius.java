package org.bindsql.cascade;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Conversion of a predicate on a distance or a similarity to the greatest distance it allows. */
public final class Radius {
  /** Radius of a predicate that no row satisfies. */
  public static final int NOTHING = -1;

  private Radius() {}

  /**
   * Greatest integer d, 0 to {@code bits}, with {@code d <= bound}, or {@code d < bound} if strict;
   * {@link #NOTHING} if there is none, as for NULL and NaN.
   */
  public static int ofDistance(@Nullable Number bound, boolean strict, int bits) {
    if (bound == null) {
      return NOTHING;
    }
    if (bound instanceof Double || bound instanceof Float) {
      double value = bound.doubleValue();
      if (Double.isNaN(value)) {
        return NOTHING;
      }
      if (Double.isInfinite(value)) {
        return value > 0 ? bits : NOTHING;
      }
    }
    BigDecimal value = exact(bound);
    BigDecimal greatest =
        strict
            ? value.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE)
            : value.setScale(0, RoundingMode.FLOOR);
    if (greatest.signum() < 0) {
      return NOTHING;
    }
    return greatest.compareTo(BigDecimal.valueOf(bits)) >= 0 ? bits : greatest.intValue();
  }

  private static BigDecimal exact(Number value) {
    return switch (value) {
      case BigDecimal decimal -> decimal;
      case Double d -> new BigDecimal(d);
      case Float f -> new BigDecimal(f.doubleValue());
      default -> BigDecimal.valueOf(value.longValue());
    };
  }

  /**
   * Greatest integer d, 0 to {@code bits}, with {@code similarity(d) >= bound}, or {@code > bound}
   * if strict, where similarity is {@link #similarity}; {@link #NOTHING} if there is none.
   */
  public static int ofSimilarity(@Nullable Number bound, boolean strict, int bits) {
    if (bound == null) {
      return NOTHING;
    }
    double value = bound.doubleValue();
    int low = NOTHING; // satisfies the predicate, or NOTHING
    int high = bits + 1; // does not
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      double similarity = similarity(middle, bits);
      if (strict ? similarity > value : similarity >= value) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Similarity of codes of {@code bits} bits at a distance: {@code 1 - distance / bits}. */
  public static double similarity(int distance, int bits) {
    return 1.0 - (double) distance / bits;
  }
}
