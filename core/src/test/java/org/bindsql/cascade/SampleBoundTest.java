package org.bindsql.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Thresholds against the hypergeometric distribution in exact arithmetic. */
class SampleBoundTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);

  @Test
  void thresholdIsTheLeastThatHolds() {
    Random random = new Random(SEED);
    double[] deltas = {0.4, 0.1, 0.01, 5e-5, 1e-9};
    for (int i = 0; i < 300; i++) {
      int population = 1 + random.nextInt(600);
      int marked = random.nextInt(population);
      int drawn = 1 + random.nextInt(Math.min(population, 256));
      double delta = deltas[random.nextInt(deltas.length)];
      int t = SampleBound.threshold(population, marked, drawn, delta);
      String what = population + " " + marked + " " + drawn + " " + delta + ": " + t;
      assertTrue(tail(population, marked, drawn, t) <= delta, what);
      boolean least = t == Math.max(0, drawn - (population - marked));
      // The threshold may be one too great where the tail is within a thousandth of delta.
      assertTrue(least || tail(population, marked, drawn, t - 1) > delta * 0.998, what);
    }
  }

  /** {@code P(S > t)}. */
  private static double tail(int population, int marked, int drawn, int t) {
    BigInteger above = BigInteger.ZERO;
    for (int s = t + 1; s <= Math.min(marked, drawn); s++) {
      above = above.add(choose(marked, s).multiply(choose(population - marked, drawn - s)));
    }
    return new BigDecimal(above)
        .divide(new BigDecimal(choose(population, drawn)), MathContext.DECIMAL64)
        .doubleValue();
  }

  private static BigInteger choose(int n, int k) {
    if (k < 0 || k > n) {
      return BigInteger.ZERO;
    }
    BigInteger result = BigInteger.ONE;
    for (int i = 1; i <= k; i++) {
      result = result.multiply(BigInteger.valueOf(n - k + i)).divide(BigInteger.valueOf(i));
    }
    return result;
  }

  @Test
  void nothingIsRuledOutWhereEveryRowMayDiffer() {
    assertEquals(256, SampleBound.threshold(16_384, 16_384, 256, 1e-6));
    assertEquals(256, SampleBound.threshold(16_384, Integer.MAX_VALUE, 256, 1e-6));
    assertEquals(0, SampleBound.threshold(16_384, 0, 256, 1e-6));
  }
}
