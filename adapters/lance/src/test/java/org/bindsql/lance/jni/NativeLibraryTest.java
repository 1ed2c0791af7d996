package org.bindsql.lance.jni;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bindsql.lance.Fork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The native library is unpacked once per user, and only when a table is touched. */
class NativeLibraryTest {
  @TempDir Path folder;

  private Process probe(String... arguments) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    return Fork.start(
        folder.resolve("output"),
        NativeProbe.class,
        List.of(
            "-D" + NativeCache.FOLDER_PROPERTY + "=" + folder.resolve("cache"),
            "-Djava.io.tmpdir=" + temporary),
        arguments);
  }

  private List<String> libraries(String directory) throws IOException {
    if (!Files.isDirectory(folder.resolve(directory))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder.resolve(directory))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.contains("lance") || name.equals("unpacking"))
          .toList();
    }
  }

  @Test
  void killedProcessesLeaveAtMostOneFile() throws Exception {
    for (int kill = 0; kill < 4; kill++) {
      Process process = probe(folder.resolve("db").toString(), "touch");
      while (libraries("cache").isEmpty() && process.isAlive()) {
        Thread.onSpinWait();
      }
      process.destroyForcibly().waitFor();
      assertTrue(libraries("cache").size() <= 1, libraries("cache").toString());
      assertEquals(List.of(), libraries("tmp"));
    }
    Process process = probe(folder.resolve("db").toString(), "touch");
    assertEquals(0, process.waitFor(), Files.readString(folder.resolve("output")));
    List<String> left = libraries("cache");
    assertEquals(1, left.size(), left.toString());
    assertTrue(left.getFirst().startsWith("liblance_jni-"), left.toString());
    assertEquals(List.of(), libraries("tmp"));
  }

  @Test
  void listingTablesDoesNotLoadIt() throws Exception {
    Files.createDirectories(folder.resolve("db/t.lance"));
    Process process = probe(folder.resolve("db").toString(), "list");
    assertEquals(0, process.waitFor(), Files.readString(folder.resolve("output")));
    assertEquals(List.of(), libraries("cache"));
    assertEquals(List.of(), libraries("tmp"));
  }
}
