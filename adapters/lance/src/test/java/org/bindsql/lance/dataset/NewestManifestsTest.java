package org.bindsql.lance.dataset;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is remembered of a directory never outlives a change of it. */
class NewestManifestsTest {
  @TempDir Path dataset;
  private final NewestManifests newest = new NewestManifests();

  @BeforeEach
  void create() throws IOException {
    Files.createDirectories(versions());
  }

  private Path versions() {
    return dataset.resolve("_versions");
  }

  private static String name(long version, boolean inverted) {
    return (inverted ? Long.toUnsignedString(-1L - version) : "" + version) + ".manifest";
  }

  private void write(long version, boolean inverted) throws IOException {
    Files.writeString(versions().resolve(name(version, inverted)), "version " + version);
  }

  /** Makes the directory look as if its last change was long ago, always at the same time. */
  private void settle() throws IOException {
    Files.setLastModifiedTime(versions(), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
  }

  @Test
  void theNextVersionIsSeenThoughTheDirectoryHasTheSameTime() throws IOException {
    for (boolean inverted : List.of(true, false)) {
      write(1, inverted);
      settle();
      assertEquals(1, requireNonNull(newest.of(dataset)).version());
      write(2, inverted);
      settle();
      assertEquals(2, requireNonNull(newest.of(dataset)).version());
      Files.delete(versions().resolve(name(1, inverted)));
      Files.delete(versions().resolve(name(2, inverted)));
    }
  }

  @Test
  void aGapAfterTheVersionIsSeenByTheDirectorysTime() throws IOException {
    write(1, true);
    settle();
    assertEquals(1, requireNonNull(newest.of(dataset)).version());
    write(3, true);
    assertEquals(3, requireNonNull(newest.of(dataset)).version());
  }

  @Test
  void whatChangedJustNowIsListedAgain() throws IOException {
    write(1, true);
    FileTime now = FileTime.from(Instant.now());
    Files.setLastModifiedTime(versions(), now);
    assertEquals(1, requireNonNull(newest.of(dataset)).version());
    write(3, true);
    Files.setLastModifiedTime(versions(), now);
    assertEquals(3, requireNonNull(newest.of(dataset)).version());
  }

  @Test
  void aManifestWrittenAnewIsSeen() throws IOException {
    write(1, true);
    settle();
    Manifest before = requireNonNull(newest.of(dataset));
    Files.writeString(versions().resolve(name(1, true)), "another table of this name");
    settle();
    assertEquals(Manifest.newest(dataset), newest.of(dataset));
    assertEquals(false, before.equals(newest.of(dataset)));
  }

  @Test
  void aDirectoryThatGoesIsSeen() throws IOException {
    write(1, true);
    settle();
    requireNonNull(newest.of(dataset));
    Files.delete(versions().resolve(name(1, true)));
    settle();
    assertNull(newest.of(dataset));
    Files.delete(versions());
    assertNull(newest.of(dataset));
  }

  @Test
  void duelAgainstListings() throws IOException {
    Random random = new Random(11);
    List<Long> there = new ArrayList<>();
    boolean inverted = true;
    long next = 1;
    for (int step = 0; step < 2000; step++) {
      switch (random.nextInt(6)) {
        case 0, 1 -> {
          write(next, inverted);
          there.add(next++);
        }
        case 2 -> {
          if (there.size() > 1) { // the newest stays
            long gone = there.remove(random.nextInt(there.size() - 1));
            Files.delete(versions().resolve(name(gone, inverted)));
          }
        }
        case 3 -> settle();
        case 4 -> {
          if (random.nextInt(20) == 0) { // dropped, and made anew
            for (long version : there) {
              Files.delete(versions().resolve(name(version, inverted)));
            }
            Files.delete(versions());
            Files.createDirectories(versions());
            there.clear();
            next = 1;
            inverted = random.nextBoolean();
          }
        }
        default -> {}
      }
      assertEquals(Manifest.newest(dataset), newest.of(dataset));
    }
  }
}
