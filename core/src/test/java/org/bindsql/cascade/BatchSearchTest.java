package org.bindsql.cascade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Searches for many queries at a time. */
class BatchSearchTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);
  private static final int WIDTH = 1024;
  private static final int ROWS = 20_480;
  private static final int QUERIES = 6;

  @Test
  void answersEqualSortingAllRows() {
    duels(SEED, 300);
  }

  @Test
  @Tag("soak")
  void manyMoreAnswersEqualSortingAllRows() {
    duels(Long.getLong("tests.seed", System.nanoTime()), Integer.getInteger("tests.cases", 10_000));
  }

  private static void duels(long seed, int cases) {
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int i = 0; i < cases; i++) {
      BatchDuel.run(seeds.nextLong());
    }
  }

  /** A prefix gives up rows of which half the bits would be enough; a sketch those that differ. */
  @Test
  void comparesLittleWhereRowsAreFarFromAllQueries() {
    try (Arena arena = Arena.ofShared()) {
      Map<String, Long> wide = search(arena, 2000, 1, () -> {}).counters(ROWS).values();
      assertTrue(share(wide, "pruned by prefix") > 0.5, wide.toString());
      assertEquals(0, share(wide, "pruned by sketch"), wide.toString());
      Map<String, Long> narrow = search(arena, 40, 1, () -> {}).counters(ROWS).values();
      assertTrue(share(narrow, "pruned by sketch") > 0.99, narrow.toString());
      Map<String, Long> most = search(arena, 2000, 0.99, () -> {}).counters(ROWS).values();
      assertTrue(share(most, "pruned by sketch") > 0.99, most.toString());
      Map<String, Long> all = search(arena, 4200, 0.99, () -> {}).counters(ROWS).values();
      assertEquals(1, share(all, "exact"), all.toString());
    }
  }

  private static double share(Map<String, Long> counters, String name) {
    return counters.getOrDefault(name, 0L) / ((double) ROWS * QUERIES);
  }

  @Test
  void endsWhenTold() {
    try (Arena arena = Arena.ofShared()) {
      AtomicInteger calls = new AtomicInteger();
      assertThrows(
          IllegalStateException.class,
          () ->
              search(
                  arena,
                  2000,
                  1,
                  () -> {
                    if (calls.incrementAndGet() == 3) {
                      throw new IllegalStateException("told");
                    }
                  }));
      assertTrue(calls.get() < 6, "stripes after the end: " + calls);
    }
  }

  /** Random rows, and queries that are like some of them. */
  private static BatchSearch search(Arena arena, int radius, double recall, Runnable before) {
    Random random = new Random(SEED);
    Segment segment = Segment.allocate(ROWS, WIDTH, arena);
    MemorySegment queries = arena.allocate((long) QUERIES * WIDTH, 64);
    byte[] code = new byte[WIDTH];
    for (int i = 0; i < ROWS; i++) {
      random.nextBytes(code);
      segment.write(i, MemorySegment.ofArray(code), 0);
      if (i < QUERIES) {
        MemorySegment.copy(MemorySegment.ofArray(code), 0, queries, (long) i * WIDTH, WIDTH);
      }
    }
    CascadeBatch batch =
        new CascadeBatch(
            queries,
            QUERIES,
            WIDTH,
            BlockMask.ALL,
            CascadeRequest.ALL_ROWS,
            radius,
            NullRows.EXCLUDED,
            false,
            Long.MAX_VALUE,
            HammingKernel.get());
    BatchSearch search =
        new BatchSearch(
            batch,
            List.of(new ResidentColumn.Rows(segment, Selection.range(0, ROWS), 0, null)),
            recall);
    search.run(2, arena.allocate(2 * CascadeBatch.scratchBytes(WIDTH), 64), before);
    if (radius < 4000) {
      for (int i = 0; i < QUERIES; i++) {
        assertEquals(List.of((long) i), List.of(search.answers().apply(i).rowKeys()[0]));
      }
    }
    return search;
  }
}
