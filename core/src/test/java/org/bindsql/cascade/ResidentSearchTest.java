package org.bindsql.cascade;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Searches of resident columns against sorting all rows. */
class ResidentSearchTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);

  @Test
  void answersEqualSortingAllRows() {
    duels(SEED, 400);
  }

  @Test
  @Tag("soak")
  void manyMoreAnswersEqualSortingAllRows() {
    long seed = Long.getLong("tests.seed", System.nanoTime());
    duels(seed, Integer.getInteger("tests.cases", 20_000));
  }

  private static void duels(long seed, int cases) {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < cases; i++) {
      ResidentDuel.run(seeds.nextLong());
    }
  }
}
