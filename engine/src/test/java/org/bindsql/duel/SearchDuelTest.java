package org.bindsql.duel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random searches through SQL, of all forms, widths, sizes and layouts, in memory, streamed and by
 * sketches, exact and in part, while a writer changes tables: each compared row for row with brute
 * force in Java, some with DuckDB and with the reference planner, too.
 *
 * <p>A failure names the seed of its round and the statement; {@code -Dtests.round=N} repeats the
 * round. {@code -Dtests.cases=N} sets how many cases the long run has.
 */
class SearchDuelTest {
  private static final int CASES = 250;

  /** After so many a long run ends: what is wrong is known. */
  private static final int MOST_FAILURES = 5;

  @TempDir Path folder;

  @Test
  void searchesEqualBruteForce() throws Exception {
    run(new Random(20_261_120L), 2 * CASES, 1_500);
  }

  @Test
  @Tag("soak")
  void manySearchesEqualBruteForce() throws Exception {
    long seed = Long.getLong("tests.seed", System.nanoTime());
    System.out.println("seed " + seed);
    run(new Random(seed), Integer.getInteger("tests.cases", 100_000), 6_000);
  }

  private void run(Random seeds, int cases, int mostRows) throws SQLException, IOException {
    Tally tally = new Tally();
    List<Throwable> failures = new ArrayList<>();
    for (int round = 0; tally.cases() < cases; round++) {
      long seed = Long.getLong("tests.round", seeds.nextLong());
      Path place = Files.createDirectory(folder.resolve("r" + round));
      int most = mostRows > 1_500 && seed % 20 == 0 ? 100_000 : mostRows;
      try (Round duel = new Round(place, seed, most, tally)) {
        duel.run(CASES);
      } catch (SQLException | AssertionError | RuntimeException e) {
        failures.add(e);
        System.out.println(e.getMessage());
        assertTrue(failures.size() < MOST_FAILURES, "too many failures: they are printed above");
      }
      try (Stream<Path> files = Files.walk(place)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
      if (round % 4 == 3) {
        System.out.println(tally);
      }
    }
    System.out.println(tally);
    if (!failures.isEmpty()) {
      throw new AssertionError(failures.size() + " rounds failed", failures.getFirst());
    }
    assertTrue(tally.recallHolds(), tally.toString());
  }
}
