package org.bindsql.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tests of {@link Radius}. */
class RadiusTest {
  @Test
  void distanceBounds() {
    assertEquals(5, Radius.ofDistance(5, false, 64));
    assertEquals(4, Radius.ofDistance(5, true, 64));
    assertEquals(5, Radius.ofDistance(5.5, false, 64));
    assertEquals(5, Radius.ofDistance(5.5, true, 64));
    assertEquals(5, Radius.ofDistance(new BigDecimal("5.01"), true, 64));
    assertEquals(64, Radius.ofDistance(Long.MAX_VALUE, true, 64));
    assertEquals(0, Radius.ofDistance(0, false, 64));
    assertEquals(Radius.NOTHING, Radius.ofDistance(0, true, 64));
    assertEquals(Radius.NOTHING, Radius.ofDistance(-0.5, false, 64));
    assertEquals(Radius.NOTHING, Radius.ofDistance(null, false, 64));
    assertEquals(Radius.NOTHING, Radius.ofDistance(Double.NaN, false, 64));
    assertEquals(64, Radius.ofDistance(Double.POSITIVE_INFINITY, false, 64));
    assertEquals(Radius.NOTHING, Radius.ofDistance(Float.NEGATIVE_INFINITY, false, 64));
  }

  @Test
  void similarityBoundIsTheGreatestDistanceThatSatisfiesThePredicate() {
    long seed = Long.getLong("tests.seed", 7L);
    Random random = new Random(seed);
    for (int bits : new int[] {8, 64, 104, 1664, 16_384}) {
      for (int i = 0; i < 200; i++) {
        int d = random.nextInt(bits + 1);
        // Bounds that are similarities themselves, where rounding decides, and others.
        double bound = i % 2 == 0 ? Radius.similarity(d, bits) : random.nextDouble() * 1.2 - 0.1;
        for (boolean strict : new boolean[] {false, true}) {
          int expected = Radius.NOTHING;
          for (int e = 0; e <= bits; e++) {
            double similarity = 1.0 - (double) e / bits;
            if (strict ? similarity > bound : similarity >= bound) {
              expected = e;
            }
          }
          assertEquals(
              expected,
              Radius.ofSimilarity(bound, strict, bits),
              "bits %d bound %s strict %s seed %d".formatted(bits, bound, strict, seed));
        }
      }
    }
    assertEquals(Radius.NOTHING, Radius.ofSimilarity(null, false, 64));
    assertEquals(Radius.NOTHING, Radius.ofSimilarity(Double.NaN, false, 64));
  }
}
