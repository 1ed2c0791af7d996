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
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.kernel.HammingKernel;

/**
 * The scan in C, {@code src/main/c/scan.c}, called in this process, so that both sides read the
 * same pages of the same memory.
 */
public final class CScan {
  /** How it was compiled. */
  public static final String COMMAND = "gcc -O3 -march=native -shared -fPIC";

  private final MethodHandle top;
  private final MethodHandle topOf;
  private final MethodHandle topFour;
  private final MethodHandle read;
  private final MethodHandle advise;

  private final CKernel kernel;

  private CScan(SymbolLookup library) {
    this.kernel = new CKernel(library);
    var address = ValueLayout.ADDRESS;
    var integer = ValueLayout.JAVA_INT;
    var number = ValueLayout.JAVA_LONG;
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
    this.topFour =
        bind(library, "scan_top_four", address, address, number, number, integer, address, address);
    this.read =
        Linker.nativeLinker()
            .downcallHandle(
                library.findOrThrow("scan_read"), FunctionDescriptor.of(number, address, number));
    this.advise = bind(library, "scan_advise", address, number);
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
  public static Optional<CScan> compile() {
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

  /** The loops over rows as a kernel. */
  HammingKernel kernel() {
    return kernel;
  }

  /** The ten nearest of all rows, or of those whose byte in {@code wanted} is not 0. */
  CascadeResult top(CodeSet set, MemorySegment wanted) {
    return top(set.query, set.codes, CodeSet.WIDTH, wanted, CodeSet.K);
  }

  /** The ten nearest of some rows, given as ints in off-heap memory. */
  CascadeResult topOf(CodeSet set, MemorySegment positions, long count) {
    return topOf(set.query, set.codes, CodeSet.WIDTH, positions, count, CodeSet.K);
  }

  /**
   * The k nearest of all rows of {@code width} bytes, or of those whose byte in {@code wanted} is
   * not 0.
   */
  public CascadeResult top(
      MemorySegment query, MemorySegment codes, int width, MemorySegment wanted, int k) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment best = arena.allocate(ValueLayout.JAVA_INT, k);
      MemorySegment rows = arena.allocate(ValueLayout.JAVA_LONG, k);
      top.invokeExact(query, codes, codes.byteSize() / width, (long) width, wanted, k, best, rows);
      return result(best, rows);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The k nearest of all rows, by so many threads that each scan a part of them. */
  public CascadeResult top(
      MemorySegment query, MemorySegment codes, int width, int k, int threads) {
    if (threads == 1) {
      return top(query, codes, width, MemorySegment.NULL, k);
    }
    long rows = codes.byteSize() / width;
    List<Found> all =
        IntStream.range(0, threads)
            .parallel()
            .boxed()
            .flatMap(part -> {
              long from = rows * part / threads;
              long to = rows * (part + 1) / threads;
              CascadeResult top =
                  top(
                      query,
                      codes.asSlice(from * width, (to - from) * width),
                      width,
                      MemorySegment.NULL,
                      k);
              return IntStream.range(0, top.size())
                  .mapToObj(i -> new Found(top.distances()[i], from + top.rowKeys()[i]));
            })
            .sorted(Comparator.comparingInt(Found::distance).thenComparingLong(Found::row))
            .limit(k)
            .toList();
    return new CascadeResult(
        all.stream().mapToLong(Found::row).toArray(),
        all.stream().mapToInt(Found::distance).toArray());
  }

  private record Found(int distance, long row) {}

  /** The k nearest of some rows, given as ints in off-heap memory. */
  public CascadeResult topOf(
      MemorySegment query,
      MemorySegment codes,
      int width,
      MemorySegment positions,
      long count,
      int k) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment best = arena.allocate(ValueLayout.JAVA_INT, k);
      MemorySegment rows = arena.allocate(ValueLayout.JAVA_LONG, k);
      topOf.invokeExact(query, codes, (long) width, positions, count, k, best, rows);
      return result(best, rows);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** The k nearest of all rows to each of four queries that lie one after the other. */
  public CascadeResult[] topFour(MemorySegment queries, MemorySegment codes, int width, int k) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment best = arena.allocate(ValueLayout.JAVA_INT, 4L * k);
      MemorySegment rows = arena.allocate(ValueLayout.JAVA_LONG, 4L * k);
      topFour.invokeExact(queries, codes, codes.byteSize() / width, (long) width, k, best, rows);
      CascadeResult[] results = new CascadeResult[4];
      for (int i = 0; i < results.length; i++) {
        results[i] = result(best.asSlice(4L * k * i, 4L * k), rows.asSlice(8L * k * i, 8L * k));
      }
      return results;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads memory once and returns the sum of its words. */
  public long read(MemorySegment memory) {
    try {
      return (long) read.invokeExact(memory, memory.byteSize());
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Asks for huge pages for memory that was not touched yet. */
  public void advise(MemorySegment memory) {
    try {
      advise.invokeExact(memory, memory.byteSize());
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
