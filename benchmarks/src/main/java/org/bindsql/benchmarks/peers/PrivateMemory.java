package org.bindsql.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The most memory that a process has of its own, looked at twice a second: what it allocated, and
 * what it shares with other processes of the same peer, but no pages of files that it maps. Zero
 * where Linux does not say.
 */
final class PrivateMemory implements AutoCloseable {
  private static final long PERIOD_MILLIS = 500;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().factory());
  private final long process;
  private final long server;
  private volatile long peak;

  /**
   * Starts to look.
   *
   * @param server a server that works for the process, with its own processes; 0 if there is none
   */
  PrivateMemory(long process, long server) {
    this.process = process;
    this.server = server;
    timer.scheduleAtFixedRate(this::look, 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Bytes so far. */
  long peak() {
    return peak;
  }

  private void look() {
    Stream<ProcessHandle> servers =
        ProcessHandle.of(server).stream()
            .flatMap(s -> Stream.concat(Stream.of(s), s.descendants()));
    List<Long> all = Stream.concat(Stream.of(process), servers.map(ProcessHandle::pid)).toList();
    long own = 0;
    long shared = 0;
    for (long each : all) {
      own += field(each, "RssAnon:");
      shared = Math.max(shared, field(each, "RssShmem:"));
    }
    peak = Math.max(peak, own + shared);
  }

  /** A field of a process's status in bytes; 0 if it is gone. */
  static long field(long process, String name) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + process + "/status"))) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
          .findFirst()
          .orElse(0);
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
