package org.bindsql.kernel;

import java.lang.foreign.MemorySegment;

/**
 * Hamming distances between codes of any whole number of bytes, at any byte offset of off-heap
 * memory.
 *
 * <p>Every method computes the number of differing bits, 0 to {@code 8 * bytes}. Segments should be
 * native: mixing heap and native segments makes every access a virtual call. Implementations are
 * stateless and thread-safe, and all give the same results: {@link ScalarKernel} is the
 * specification, {@link VectorKernel} is its twin on the Vector API.
 *
 * <p>Offsets are checked against the segments (IndexOutOfBoundsException), nothing else is.
 */
public interface HammingKernel {
  /** Number of queries that {@link #tile} compares with each row. */
  int TILE_QUERIES = 4;

  /** Greatest width of rows whose distances are given as shorts. */
  int MAX_SHORT_BYTES = Short.MAX_VALUE / Byte.SIZE;

  /** The kernel for this JVM, chosen once by {@link KernelChoice}. */
  static HammingKernel get() {
    return KernelHolder.KERNEL;
  }

  /** Distance of {@code a[aOffset, aOffset + bytes)} to {@code b[bOffset, bOffset + bytes)}. */
  int distance(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes);

  /**
   * Distances of one query to consecutive rows.
   *
   * @param query the first {@code bytes} bytes are compared
   * @param codes rows; the compared part of row i begins at {@code offset + i * stride}
   * @param out receives the distance of row i at i, {@code 0 <= i < rows}
   */
  void distances(
      MemorySegment query,
      MemorySegment codes,
      long offset,
      long stride,
      int rows,
      int bytes,
      int[] out);

  /**
   * Adds the distances of a part of a query to the same part of consecutive rows.
   *
   * @param queryOffset where the part begins in the query
   * @param offset where the part of row 0 begins; that of row i at {@code offset + i * stride}
   * @param bytes length of the part
   * @param out to entry i the distance of row i is added, {@code 0 <= i < rows}
   */
  void addDistances(
      MemorySegment query,
      long queryOffset,
      MemorySegment codes,
      long offset,
      long stride,
      int rows,
      int bytes,
      int[] out);

  /**
   * Distances of one query to chosen rows.
   *
   * @param positions row numbers, of which those at {@code from} to {@code from + count - 1} count
   * @param out receives the distance of row {@code positions[from + i]} at i
   */
  void gather(
      MemorySegment query,
      MemorySegment codes,
      long offset,
      long stride,
      int[] positions,
      int from,
      int count,
      int bytes,
      int[] out);

  /**
   * Distances of one query to rows that follow each other without gaps, as shorts: made for codes
   * of up to 256 bytes, of which many fit in a vector or few vectors.
   *
   * @param query the first {@code bytes} bytes are compared
   * @param codes rows; row i begins at {@code offset + i * bytes}
   * @param bytes width of a row, at most {@link #MAX_SHORT_BYTES}
   * @param out receives the distance of row i at i, {@code 0 <= i < rows}
   */
  void distances(
      MemorySegment query, MemorySegment codes, long offset, int rows, int bytes, short[] out);

  /**
   * Distances of four queries to consecutive rows; each row is loaded once, so a batch of queries
   * is bound by arithmetic, not by memory.
   *
   * @param queries memory that holds the queries
   * @param at where the four queries begin; they may be the same
   * @param codes rows; the compared part of row i begins at {@code offset + i * stride}
   * @param out receives the distance of row i to query j at {@code j * rows + i}
   */
  void tile(
      MemorySegment queries,
      long[] at,
      MemorySegment codes,
      long offset,
      long stride,
      int rows,
      int bytes,
      int[] out);

  /** Copies bytes, a few hundred: for so few, other ways to copy take some times as long. */
  default void copy(MemorySegment source, long at, MemorySegment target, long to, int bytes) {
    MemorySegment.copy(source, at, target, to, bytes);
  }

  /**
   * Finds small values.
   *
   * @param values of which those at {@code from} to {@code from + count - 1} count
   * @param positions receives, in ascending order, every i with {@code values[from + i] <= most}
   * @return number of positions
   */
  default int within(int[] values, int from, int count, int most, int[] positions) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (values[from + i] <= most) {
        positions[found++] = i;
      }
    }
    return found;
  }

  /** The same for values of 16 bits. */
  default int within(short[] values, int from, int count, int most, int[] positions) {
    int found = 0;
    for (int i = 0; i < count; i++) {
      if (values[from + i] <= most) {
        positions[found++] = i;
      }
    }
    return found;
  }

  /**
   * Distances of one query to the vertical sketches of consecutive rows: blocks of 8 rows, in which
   * word w of row r is at byte {@code 64 * w + 8 * r}.
   *
   * @param query words of the query, as many as a row has
   * @param mask bits that count, by word
   * @param offset where the first block begins
   * @param blocks number of blocks
   * @param out receives the distance of row i at {@code i}, {@code 0 <= i < 8 * blocks}
   */
  void sketch(
      long[] query, long[] mask, MemorySegment sketches, long offset, int blocks, short[] out);
}
