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
 * only some kinds of statements. {@code mvn verify -pl engine -am -Dgroups=soak -DexcludedGroups=}
 * runs 5,000 steps of each of several seeds.
 */
class ModelTest {
  private static final int CONNECTIONS = 3;
  private static final long SHRINK_NANOS = 60_000_000_000L;

  @TempDir Path temp;

  @Test
  void engineAgreesWithModel() throws IOException {
    run(
        Long.getLong("tests.seed", new Random().nextLong()),
        Integer.getInteger("tests.steps", 120));
  }

  @Test
  @Tag("soak")
  void engineAgreesWithModelForLong() throws IOException {
    for (long seed = 1; seed <= Integer.getInteger("tests.seeds", 4); seed++) {
      run(seed, 5000);
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
        List<Move> fewest = shrink(moves);
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
                + difference(fewest));
      }
    }
  }

  private Path newFolder() throws IOException {
    return Files.createTempDirectory(temp, "db");
  }

  /** How a list of statements differs from the model, or null if it does not. */
  private String difference(List<Move> moves) throws IOException {
    try (Engine engine = new LocalEngine(newFolder(), CONNECTIONS + 1)) {
      Trial trial = new Trial(engine, CONNECTIONS);
      moves.forEach(trial::run);
      trial.compareAll(trial.model());
      return null;
    } catch (Difference e) {
      return e.getMessage();
    }
  }

  /** Leaves out statements, many at a time and then fewer, while the rest still differs. */
  private List<Move> shrink(List<Move> all) throws IOException {
    long end = System.nanoTime() + SHRINK_NANOS;
    List<Move> moves = all;
    for (int size = Math.max(1, moves.size() / 2); size > 0; size /= 2) {
      for (int from = moves.size() - 1 - size; from > -size; from -= size) {
        if (System.nanoTime() > end) {
          return moves;
        }
        int start = Math.max(0, from);
        List<Move> fewer = Trial.without(moves, start, Math.min(from + size, moves.size() - 1));
        if (fewer.size() < moves.size() && difference(fewer) != null) {
          moves = fewer;
        }
      }
    }
    return moves;
  }
}
