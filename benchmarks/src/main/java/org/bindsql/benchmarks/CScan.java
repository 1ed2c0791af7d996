package org.bindsql.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.bindsql.cascade.CascadeResult;

/**
 * The scan in C, {@code src/main/c/scan.c}, called in this process, so that both sides read the
 * same pages of the same memory.
 */
final class CScan {
  /** How it was compiled. */
  static final String COMMAND = "gcc -O3 -march=native -shared -fPIC";

  private final MethodHandle distances;
  private final MethodHandle top;
  private final MethodHandle topOf;

  private CScan(SymbolLookup library) {
    var address = ValueLayout.ADDRESS;
    var integer = ValueLayout.JAVA_INT;
    var number = ValueLayout.JAVA_LONG;
    this.distances = bind(library, "scan_distances", address, address, number, number, address);
    this.top =
        bind(
            library,
            "scan_top",
            address,
            address,
            number,
            number,
            address,
            integer,
            address,
            address);
    this.topOf =
        bind(
            library,
            "scan_top_of",
            address,
            address,
            number,
            address,
            number,
            integer,
            address,
            address);
  }

  private static MethodHandle bind(
      SymbolLookup library, String name, java.lang.foreign.MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
  }

  /**
   * Compiles and loads the scan; empty if this machine has no gcc.
   *
   * @throws IllegalStateException if gcc does not like the source
   */
  static Optional<CScan> compile() {
    try {
      Path folder = Files.createTempDirectory("bindsql-scan");
      Path source = folder.resolve("scan.c");
      Path library = folder.resolve("libscan.so");
      try (var resource =
          Objects.requireNonNull(CScan.class.getResourceAsStream("/scan.c"), "scan.c")) {
        Files.copy(resource, source);
      }
      var command = new java.util.ArrayList<>(Arrays.asList(COMMAND.split(" ")));
      command.addAll(java.util.List.of("-o", library.toString(), source.toString()));
      Process gcc;
      try {
        gcc = new ProcessBuilder(command).redirectErrorStream(true).start();
      } catch (IOException e) {
        return Optional.empty(); // no gcc
      }
      String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (gcc.waitFor() != 0) {
        throw new IllegalStateException("gcc: " + output);
      }
      CScan scan = new CScan(SymbolLookup.libraryLookup(library, Arena.global()));
      Files.delete(library);
      Files.delete(source);
      Files.delete(folder);
      return Optional.of(scan);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Distances of rows to the query, as ints in off-heap memory. */
  void distances(MemorySegment query, MemorySegment codes, long rows, MemorySegment out) {
    try {
      distances.invokeExact(query, codes, rows, (long) CodeSet.WIDTH, out);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The ten nearest of all rows, or of those whose byte in {@code wanted} is not 0. */
  CascadeResult top(CodeSet set, MemorySegment wanted) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment best = arena.allocate(ValueLayout.JAVA_INT, CodeSet.K);
      MemorySegment rows = arena.allocate(ValueLayout.JAVA_LONG, CodeSet.K);
      top.invokeExact(
          set.query,
          set.codes,
          (long) set.rows,
          (long) CodeSet.WIDTH,
          wanted,
          CodeSet.K,
          best,
          rows);
      return result(best, rows);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The ten nearest of some rows, given as ints in off-heap memory. */
  CascadeResult topOf(CodeSet set, MemorySegment positions, long count) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment best = arena.allocate(ValueLayout.JAVA_INT, CodeSet.K);
      MemorySegment rows = arena.allocate(ValueLayout.JAVA_LONG, CodeSet.K);
      topOf.invokeExact(
          set.query, set.codes, (long) CodeSet.WIDTH, positions, count, CodeSet.K, best, rows);
      return result(best, rows);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static CascadeResult result(MemorySegment best, MemorySegment rows) {
    long[] keys = rows.toArray(ValueLayout.JAVA_LONG);
    int count = (int) Arrays.stream(keys).takeWhile(key -> key >= 0).count();
    return new CascadeResult(
        Arrays.copyOf(keys, count), Arrays.copyOf(best.toArray(ValueLayout.JAVA_INT), count));
  }
}
