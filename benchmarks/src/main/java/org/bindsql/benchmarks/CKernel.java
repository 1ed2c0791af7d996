package org.bindsql.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import org.bindsql.kernel.HammingKernel;

/**
 * The loops of {@code scan.c} as a kernel, to measure the others against; only what has a loop
 * there.
 */
final class CKernel implements HammingKernel {
  private final MethodHandle distances;
  private final MethodHandle shortDistances;
  private final MethodHandle within;
  private final MethodHandle addDistances;
  private final MethodHandle tile;
  private final MethodHandle sketch;

  CKernel(SymbolLookup library) {
    distances = bind(library, "scan_distances", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    shortDistances =
        bind(library, "scan_short_distances", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    within =
        Linker.nativeLinker()
            .downcallHandle(
                library.findOrThrow("scan_within"),
                FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, ADDRESS),
                Linker.Option.critical(true));
    addDistances =
        bind(library, "scan_add_distances", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    tile = bind(library, "scan_tile", ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
    sketch = bind(library, "scan_sketch", ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_LONG, ADDRESS);
  }

  /** Calls are short, and write to arrays on the heap. */
  private static MethodHandle bind(SymbolLookup library, String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(
            library.findOrThrow(name),
            FunctionDescriptor.ofVoid(arguments),
            Linker.Option.critical(true));
  }

  @Override
  public int distance(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    throw new UnsupportedOperationException("distance");
  }

  @Override
  public void distances(
      MemorySegment query,
      MemorySegment codes,
      long offset,
      long stride,
      int rows,
      int bytes,
      int[] out) {
    call(distances, query, codes.asSlice(offset), stride, rows, bytes, out);
  }

  @Override
  public void addDistances(
      MemorySegment query,
      long queryOffset,
      MemorySegment codes,
      long offset,
      long stride,
      int rows,
      int bytes,
      int[] out) {
    call(
        addDistances,
        query.asSlice(queryOffset, bytes),
        codes.asSlice(offset),
        stride,
        rows,
        bytes,
        out);
  }

  @Override
  public void gather(
      MemorySegment query,
      MemorySegment codes,
      long offset,
      long stride,
      int[] positions,
      int from,
      int count,
      int bytes,
      int[] out) {
    throw new UnsupportedOperationException("gather");
  }

  @Override
  public void distances(
      MemorySegment query, MemorySegment codes, long offset, int rows, int bytes, short[] out) {
    MemorySegment from = codes.asSlice(offset);
    MemorySegment to = MemorySegment.ofArray(out);
    try {
      shortDistances.invokeExact(query, from, (long) rows, (long) bytes, to);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int within(short[] values, int from, int count, int most, int[] positions) {
    MemorySegment first = MemorySegment.ofArray(values).asSlice(Short.BYTES * (long) from);
    MemorySegment to = MemorySegment.ofArray(positions);
    try {
      return (int) (long) within.invokeExact(first, (long) count, most, to);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void tile(
      MemorySegment queries,
      long[] at,
      MemorySegment codes,
      long offset,
      long stride,
      int rows,
      int bytes,
      int[] out) {
    for (int j = 1; j < TILE_QUERIES; j++) {
      if (at[j] != at[0] + (long) j * bytes) {
        throw new UnsupportedOperationException("queries with gaps");
      }
    }
    call(tile, queries.asSlice(at[0]), codes.asSlice(offset), stride, rows, bytes, out);
  }

  @Override
  public void sketch(
      long[] query, long[] mask, MemorySegment sketches, long offset, int blocks, short[] out) {
    MemorySegment from = sketches.asSlice(offset);
    MemorySegment words = MemorySegment.ofArray(query);
    MemorySegment counted = MemorySegment.ofArray(mask);
    MemorySegment to = MemorySegment.ofArray(out);
    try {
      sketch.invokeExact(words, counted, from, (long) blocks, (long) query.length, to);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Calls a function that compares queries with rows. */
  private static void call(
      MethodHandle function,
      MemorySegment queries,
      MemorySegment from,
      long stride,
      int rows,
      int bytes,
      int[] out) {
    if (stride != bytes) {
      throw new UnsupportedOperationException("rows with gaps");
    }
    MemorySegment to = MemorySegment.ofArray(out);
    try {
      function.invokeExact(queries, from, (long) rows, stride, to);
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
