package org.bindsql.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.bindsql.model.Trial.Difference;
import org.bindsql.model.Trial.Move;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The process is killed at a random moment of a random statement, again and again: what it
 * acknowledged is there, the last statement has happened as a whole or not at all, open
 * transactions have not.
 */
class CrashTest {
  private static final int CONNECTIONS = 2;

  /** A statement that has not begun after this time is not killed in its midst. */
  private static final double LONGEST_MILLIS = 80;

  private static final String KINDS =
      "CREATE,CREATE_AS,DROP,TRUNCATE,ADD_COLUMN,DROP_COLUMN,RENAME_COLUMN,INSERT,INSERT_SELECT,"
          + "UPDATE,DELETE,UPSERT,MERGE,BEGIN,COMMIT,RESTORE,CREATE_TAG,CREATE_INDEX,OPTIMIZE,VACUUM";

  @TempDir Path temp;

  @Test
  void acknowledgedCommitsAreThere() throws IOException {
    run(Long.getLong("tests.seed", 20261120L), 4);
  }

  @Test
  @Tag("soak")
  void acknowledgedCommitsAreThereTwoHundredTimes() throws IOException {
    long seed = Long.getLong("tests.seed", new Random().nextInt(1_000_000));
    System.out.println("tests.seed=" + seed);
    run(seed, Integer.getInteger("tests.kills", 200));
  }

  private void run(long seed, int kills) throws IOException {
    Random random = new Random(seed);
    Generator generator = new Generator(random, System.getProperty("model.kinds", KINDS));
    List<Move> moves = new ArrayList<>();
    int half = 0;
    Path temporary = Files.createDirectory(temp.resolve("tmp"));
    try (RemoteEngine engine = new RemoteEngine(temp.resolve("db"), temporary, CONNECTIONS + 1)) {
      Trial trial = new Trial(engine, CONNECTIONS);
      for (int kill = 0; kill < kills; kill++) {
        for (int i = random.nextInt(10); i >= 0; i--) {
          moves.add(trial.next(generator, random));
          trial.run(moves.getLast());
        }
        Move last = trial.next(generator, random);
        moves.add(last);
        long nanos = (long) (random.nextDouble() * LONGEST_MILLIS * 1e6);
        Engine.Answer answer = engine.runAndKill(last.connection(), last.step().sql(), nanos);
        if (trial.recover(last, answer) && answer == null) {
          half++;
        }
      }
      System.out.printf(
          "%d kills, %d of statements that had happened without being acknowledged%n", kills, half);
    } catch (Difference e) {
      fail("seed " + seed + ": " + e.getMessage() + "\nafter\n" + Trial.script(moves));
    }
    try (Stream<Path> left = Files.list(temporary)) {
      // Arrow's own library, 40 KB, lies there while it is loaded; Lance's has 181 MB.
      assertEquals(
          List.of(),
          left.filter(file -> !file.getFileName().toString().startsWith("jnilib-")).toList(),
          "killed processes leave no temporary files");
    }
  }
}
