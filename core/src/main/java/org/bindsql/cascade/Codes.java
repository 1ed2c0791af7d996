package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.bindsql.kernel.HammingKernel;

/**
 * Where the fingerprints of consecutive rows lie off-heap: in columns of slices.
 *
 * <pre>
 *   row-major, one slice      r0: [ width ] r1: [ width ] ...
 *   sliced                    [r0 0..255][r1 0..255]...  [r0 256..511][r1 256..511]...  ...
 * </pre>
 *
 * <p>A level that reads only the beginning of each row reads whole pages of sliced codes, where
 * row-major ones would make it fetch a little of every row: {@code docs/adr} says what that costs.
 * Slices are equally wide; what the last one has beyond the width is never compared.
 *
 * @param memory slice s of row r begins at byte {@code (s * rows + r) * sliceBytes}
 * @param width bytes per fingerprint, at least 1
 * @param rows number of rows
 * @param sliceBytes bytes per slice: the width if row-major
 */
public record Codes(MemorySegment memory, int width, int rows, int sliceBytes) {
  /** Greatest width of a slice. */
  public static final int SLICE_BYTES = 256;

  /** Width from which fingerprints are cut into slices; below, one slice holds all of a row. */
  public static final int SLICED_FROM = 512;

  /** Codes one after the other, {@code rows * width} bytes, as Arrow and files have them. */
  public static Codes rowMajor(MemorySegment memory, int width, int rows) {
    return new Codes(memory, width, rows, width);
  }

  /** Codes as segments have them: {@link #slicedBytes} bytes. */
  public static Codes sliced(MemorySegment memory, int width, int rows) {
    return new Codes(memory, width, rows, sliceBytes(width));
  }

  /** Bytes that sliced codes take. */
  public static long slicedBytes(int width, int rows) {
    int slice = sliceBytes(width);
    return (long) rows * slice * ((width + slice - 1) / slice);
  }

  /** The widths of slices are equal, and multiples of 8 if there are several. */
  private static int sliceBytes(int width) {
    if (width < SLICED_FROM) {
      return width;
    }
    int slices = (width + SLICE_BYTES - 1) / SLICE_BYTES;
    return ((width + slices - 1) / slices + 7) / 8 * 8;
  }

  /** Number of slices that hold the first {@code bytes} bytes of a row. */
  public int slices(int bytes) {
    return (bytes + sliceBytes - 1) / sliceBytes;
  }

  /** Bytes among the first {@code bytes} of a row that lie in slice {@code s}. */
  public int bytesIn(int s, int bytes) {
    return Math.min(sliceBytes, bytes - s * sliceBytes);
  }

  /** Offset in the memory of slice {@code s} of a row. */
  public long offset(int s, int row) {
    return ((long) s * rows + row) * sliceBytes;
  }

  /** Writes a row: the {@code width} bytes of {@code source} from {@code at} on. */
  public void write(int row, MemorySegment source, long at) {
    for (int s = 0, done = 0; done < width; s++, done += sliceBytes) {
      MemorySegment.copy(source, at + done, memory, offset(s, row), bytesIn(s, width));
    }
  }

  /** Copies bytes {@code from} to {@code from + count - 1} of a row to {@code target}. */
  public void read(int row, int from, int count, MemorySegment target, long at) {
    int done = 0;
    while (done < count) {
      int s = (from + done) / sliceBytes;
      int start = (from + done) % sliceBytes;
      int part = Math.min(sliceBytes - start, count - done);
      MemorySegment.copy(memory, offset(s, row) + start, target, at + done, part);
      done += part;
    }
  }

  /** A row's bytes. */
  public byte[] read(int row) {
    byte[] code = new byte[width];
    for (int s = 0, done = 0; done < width; s++, done += sliceBytes) {
      MemorySegment.copy(
          memory, ValueLayout.JAVA_BYTE, offset(s, row), code, done, bytesIn(s, width));
    }
    return code;
  }

  /** Bits set in a row. */
  public int popcount(int row) {
    int bits = 0;
    for (int s = 0; s * sliceBytes < width; s++) {
      int i = 0;
      for (; i + Long.BYTES <= bytesIn(s, width); i += Long.BYTES) {
        bits += Long.bitCount(memory.get(ValueLayout.JAVA_LONG_UNALIGNED, offset(s, row) + i));
      }
      for (; i < bytesIn(s, width); i++) {
        bits += Integer.bitCount(memory.get(ValueLayout.JAVA_BYTE, offset(s, row) + i) & 0xFF);
      }
    }
    return bits;
  }

  /**
   * Distances of a query to consecutive rows.
   *
   * @param query the first {@code bytes} bytes are compared
   * @param from first row
   * @param out receives the distance of row {@code from + i} at i
   */
  public void distances(
      HammingKernel kernel, MemorySegment query, int bytes, int from, int count, int[] out) {
    int slices = slices(bytes);
    if (slices == 1) {
      kernel.distances(query, memory, offset(0, from), sliceBytes, count, bytes, out);
    } else {
      Arrays.fill(out, 0, count, 0);
      addDistances(kernel, query, bytes, 0, slices, from, count, out);
    }
  }

  /**
   * Adds the distances of some slices of a query to the same slices of consecutive rows.
   *
   * @param bytes number of leading bytes of the query and of the rows that are compared
   * @param firstSlice first of the slices
   * @param slices number of slices
   * @param from first row
   * @param out to entry i the distance of row {@code from + i} is added
   */
  public void addDistances(
      HammingKernel kernel,
      MemorySegment query,
      int bytes,
      int firstSlice,
      int slices,
      int from,
      int count,
      int[] out) {
    for (int s = firstSlice; s < firstSlice + slices; s++) {
      kernel.addDistances(
          query,
          (long) s * sliceBytes,
          memory,
          offset(s, from),
          sliceBytes,
          count,
          bytesIn(s, bytes),
          out);
    }
  }

  /**
   * Distance of a query to one row, computed slice by slice until it exceeds a bound.
   *
   * @param queryOffset where the query begins
   * @param from first byte to compare
   * @param bytes end of the bytes to compare
   * @param distance what the bytes before {@code from} differ
   * @return the distance if it is at most {@code most}, else a lower bound of it above {@code most}
   */
  int distance(
      HammingKernel kernel,
      MemorySegment query,
      long queryOffset,
      int row,
      int from,
      int bytes,
      int distance,
      int most) {
    int sum = distance;
    for (int at = from; at < bytes && sum <= most; ) {
      int s = at / sliceBytes;
      int end = Math.min(bytes, (s + 1) * sliceBytes);
      long offset = offset(s, row) + at - (long) s * sliceBytes;
      sum += kernel.distance(query, queryOffset + at, memory, offset, end - at);
      at = end;
    }
    return sum;
  }

  /**
   * Distances of a query to chosen rows.
   *
   * @param positions rows, of which those at {@code from} to {@code from + count - 1} count
   * @param out receives the distance of row {@code positions[from + i]} at i
   */
  public void gather(
      HammingKernel kernel,
      MemorySegment query,
      int bytes,
      int[] positions,
      int from,
      int count,
      int[] out) {
    kernel.gather(query, memory, 0, sliceBytes, positions, from, count, bytesIn(0, bytes), out);
    int slices = slices(bytes);
    int[] part = slices == 1 ? out : new int[count];
    for (int s = 1; s < slices; s++) {
      MemorySegment rest = query.asSlice((long) s * sliceBytes);
      kernel.gather(
          rest, memory, offset(s, 0), sliceBytes, positions, from, count, bytesIn(s, bytes), part);
      add(part, out, count);
    }
  }

  private static void add(int[] part, int[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] += part[i];
    }
  }
}
