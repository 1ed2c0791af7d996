package org.bindsql.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches of large tables under a small heap stay within a stated bound off the heap. */
class FingerprintMemoryTest {
  /** What a search may take beside the cache: batches of the scans and rows that are fetched. */
  private static final long BESIDE = 192L << 20;

  /** What the process may take beside heap and cache: the JVM, lance-core's own, and the above. */
  private static final long PROCESS = 1L << 30;

  @TempDir Path folder;

  /** 25.6 MB of fingerprints: wholly in memory, streamed, and as sketches alone. */
  @Test
  void oneHundredThousandRows() {
    run(100_000, 128, 20, List.of("64MB", "0", "4MB"), List.of("1", "1", "0.99"));
  }

  /** 2.56 GB of fingerprints, k = 1,000, under a heap of 512 MiB. */
  @Test
  @Tag("soak")
  void tenMillionRows() {
    run(10_000_000, 512, 1_000, List.of("4GB", "0", "512MB"), List.of("1", "1", "0.99"));
  }

  private void run(int rows, int heapMib, int k, List<String> caches, List<String> recalls) {
    String[] arguments = new String[3 + 2 * caches.size()];
    arguments[0] = folder.toString();
    arguments[1] = Integer.toString(rows);
    arguments[2] = Integer.toString(k);
    for (int i = 0; i < caches.size(); i++) {
      arguments[3 + 2 * i] = caches.get(i);
      arguments[4 + 2 * i] = recalls.get(i);
    }
    try (ChildJvm child =
        new ChildJvm(
            FingerprintMemoryChild.class,
            List.of("-Xmx" + heapMib + "m", "-XX:TieredStopAtLevel=4"),
            arguments)) {
      for (String cache : caches) {
        String answer = child.receive();
        assertTrue(
            answer != null && answer.matches("\\d+ -?\\d+"), "cache " + cache + ": " + answer);
        long offHeap = Long.parseLong(answer.substring(0, answer.indexOf(' ')));
        long resident = Long.parseLong(answer.substring(answer.indexOf(' ') + 1));
        String what = "cache %s: %d bytes off the heap, %d of the process";
        assertTrue(
            offHeap <= bytes(cache) + BESIDE
                && resident <= bytes(cache) + ((long) heapMib << 20) + PROCESS,
            what.formatted(cache, offHeap, resident));
      }
      assertEquals("done", child.receive());
      assertEquals(0, child.await());
    }
  }

  private static long bytes(String size) {
    return size.endsWith("GB")
        ? Long.parseLong(size.substring(0, size.length() - 2)) << 30
        : size.endsWith("MB") ? Long.parseLong(size.substring(0, size.length() - 2)) << 20 : 0;
  }
}
