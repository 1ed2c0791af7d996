package org.bindsql.model;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bindsql.model.Trial.Difference;
import org.bindsql.model.Trial.Move;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random statements of several connections: the engine does what a simple model in memory does.
 *
 * <p>A failure names its seed and the fewest statements found that fail. {@code -Dtests.seed=N}
 * runs a seed again, {@code -Dtests.steps=N} as long as wanted, {@code -Dmodel.kinds=INSERT,CREATE}
 * only some kinds of statements. The profile {@code soak} runs 5,000 steps of each of {@code
 * -Dtests.seeds=N} seeds, which begin at random.
 */
class ModelTest {
  private static final int CONNECTIONS = 3;

  /** Those of the normal run: a build must not fail by luck. The long run takes others. */
  private static final long[] SEEDS = {7, -7518849726430470020L};

  private static final long SHRINK_NANOS = 60_000_000_000L;

  @TempDir Path temp;

  @Test
  void engineAgreesWithModel() throws IOException {
    Long chosen = Long.getLong("tests.seed");
    for (long seed : chosen == null ? SEEDS : new long[] {chosen}) {
      run(seed, Integer.getInteger("tests.steps", 100));
    }
  }

  @Test
  @Tag("soak")
  void engineAgreesWithModelForLong() throws IOException {
    long first = Long.getLong("tests.seed", new Random().nextInt(1_000_000));
    for (long seed = first; seed < first + Integer.getInteger("tests.seeds", 5); seed++) {
      long start = System.nanoTime();
      int steps = Integer.getInteger("tests.steps", 5000);
      run(seed, steps);
      System.out.printf(
          "seed %d: %,d steps in %.0f s%n", seed, steps, (System.nanoTime() - start) / 1e9);
    }
  }

  private void run(long seed, int steps) throws IOException {
    Random random = new Random(seed);
    Generator generator = new Generator(random, System.getProperty("model.kinds", ""));
    List<Move> moves = new ArrayList<>();
    try (Engine engine = new LocalEngine(newFolder(), CONNECTIONS + 1)) {
      Trial trial = new Trial(engine, CONNECTIONS);
      try {
        for (int i = 0; i < steps; i++) {
          moves.add(trial.next(generator, random));
          trial.run(moves.getLast());
        }
      } catch (Difference first) {
        List<Move> fewest = shrink(moves, first.kind());
        fail(
            "seed "
                + seed
                + ", step "
                + moves.size()
                + ": "
                + first.getMessage()
                + "\n\nfewest statements that differ:\n"
                + Trial.script(fewest)
                + "\n\nthere: "
                + difference(fewest).getMessage());
      }
    }
  }

  private Path newFolder() throws IOException {
    return Files.createTempDirectory(temp, "db");
  }

  /** How a list of statements differs from the model, or null if it does not. */
  private Difference difference(List<Move> moves) throws IOException {
    try (Engine engine = new LocalEngine(newFolder(), CONNECTIONS + 1)) {
      Trial trial = new Trial(engine, CONNECTIONS);
      moves.forEach(trial::run);
      trial.compareAll(trial.model());
      return null;
    } catch (Difference e) {
      return e;
    }
  }

  /** Leaves out statements, many at a time and then fewer, while the rest differs in that way. */
  private List<Move> shrink(List<Move> all, String kind) throws IOException {
    long end = System.nanoTime() + SHRINK_NANOS;
    List<Move> moves = all;
    for (int size = Math.max(1, moves.size() / 2); size > 0; size /= 2) {
      for (int from = moves.size() - 1 - size; from > -size; from -= size) {
        if (System.nanoTime() > end) {
          return moves;
        }
        int start = Math.max(0, from);
        List<Move> fewer = Trial.without(moves, start, Math.min(from + size, moves.size() - 1));
        Difference left = fewer.size() < moves.size() ? difference(fewer) : null;
        if (left != null && left.kind().equals(kind)) {
          moves = fewer;
        }
      }
    }
    return moves;
  }
}
