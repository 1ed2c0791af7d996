package org.bindsql.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Kernel on 64-bit words; the specification of the others.
 *
 * <p>The plain loop with one accumulator is deliberate: C2 turns it into vector code, and unrolling
 * it by hand prevents that.
 */
public final class ScalarKernel implements HammingKernel {
  /** The one instance. */
  public static final ScalarKernel INSTANCE = new ScalarKernel();

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  private ScalarKernel() {}

  @Override
  public int distance(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    int words = bytes >>> 3;
    int sum = 0;
    for (int i = 0; i < words; i++) {
      long at = (long) i << 3;
      sum += Long.bitCount(a.get(LONG, aOffset + at) ^ b.get(LONG, bOffset + at));
    }
    return (bytes & 7) == 0 ? sum : sum + tail(a, aOffset, b, bOffset, words << 3, bytes);
  }

  /** Distance of the bytes {@code from} to {@code to - 1} of two codes, a byte at a time. */
  static int tail(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i++) {
      int x = a.get(ValueLayout.JAVA_BYTE, aOffset + i);
      int y = b.get(ValueLayout.JAVA_BYTE, bOffset + i);
      sum += Integer.bitCount((x ^ y) & 0xFF);
    }
    return sum;
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
    for (int i = 0; i < rows; i++) {
      out[i] = distance(query, 0, codes, offset + i * stride, bytes);
    }
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
    for (int i = 0; i < rows; i++) {
      out[i] += distance(query, queryOffset, codes, offset + i * stride, bytes);
    }
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
    for (int i = 0; i < count; i++) {
      out[i] = distance(query, 0, codes, offset + positions[from + i] * stride, bytes);
    }
  }

  @Override
  public void distances(
      MemorySegment query, MemorySegment codes, long offset, int rows, int bytes, short[] out) {
    for (int i = 0; i < rows; i++) {
      out[i] = (short) distance(query, 0, codes, offset + (long) i * bytes, bytes);
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
    for (int j = 0; j < TILE_QUERIES; j++) {
      for (int i = 0; i < rows; i++) {
        out[j * rows + i] = distance(queries, at[j], codes, offset + i * stride, bytes);
      }
    }
  }

  @Override
  public void sketch(
      long[] query, long[] mask, MemorySegment sketches, long offset, int blocks, short[] out) {
    long at = offset;
    for (int block = 0; block < blocks; block++) {
      for (int row = 0; row < 8; row++) {
        int sum = 0;
        for (int word = 0; word < query.length; word++) {
          long bits = sketches.get(LONG, at + 64L * word + 8L * row);
          sum += Long.bitCount((bits ^ query[word]) & mask[word]);
        }
        out[8 * block + row] = (short) sum;
      }
      at += 64L * query.length;
    }
  }
}
