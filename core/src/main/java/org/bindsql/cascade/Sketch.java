package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sampled bits of each row, so laid out that many rows are compared at once.
 *
 * <p>A sketch has one or two halves of 256 bits, drawn without replacement at random positions that
 * depend on the width only ({@link SketchPositions}). The number of sampled bits in which two codes
 * differ never exceeds their distance, and is hypergeometrically distributed around its share of
 * it, whatever the codes are.
 *
 * <pre>
 *   half h, block of 8 rows:   [word 0 of rows 0..7][word 1 of rows 0..7][word 2 ...][word 3 ...]
 *                               64 bytes, a vector   (8 bytes per row and word)
 * </pre>
 *
 * @param memory the halves one after the other, {@link #bytes} bytes in all
 * @param width bytes per fingerprint, for which {@link #bytes} is above 0
 * @param rows number of rows
 */
public record Sketch(MemorySegment memory, int width, int rows) {
  /** Bits per half. */
  public static final int HALF_BITS = 256;

  /** Words per half. */
  public static final int HALF_WORDS = HALF_BITS / Long.SIZE;

  /** Rows per block. */
  public static final int BLOCK_ROWS = 8;

  /** Bytes per block of 8 rows in one half. */
  public static final int BLOCK_BYTES = BLOCK_ROWS * HALF_WORDS * Long.BYTES;

  /** Least width with a sketch: below, reading whole rows costs about the same. */
  public static final int LEAST_WIDTH = 256;

  /** Least width with two halves. */
  private static final int TWO_HALVES_FROM = 512;

  /** Number of halves for a width: 0, 1 or 2. */
  public static int halves(int width) {
    return width < LEAST_WIDTH ? 0 : width < TWO_HALVES_FROM ? 1 : 2;
  }

  /** Bytes of the sketch of {@code rows} rows; 0 if the width has none. */
  public static long bytes(int width, int rows) {
    return halves(width) * halfBytes(rows);
  }

  /** What the bytes of a sketch depend on, for whoever stores them: equal for equal formats. */
  public static String layout(int width) {
    return "%d halves of %d bits of %d bytes, %s"
        .formatted(halves(width), HALF_BITS, width, SketchPositions.NAME);
  }

  private static long halfBytes(int rows) {
    return (rows + BLOCK_ROWS - 1L) / BLOCK_ROWS * BLOCK_BYTES;
  }

  /** Number of halves. */
  public int halves() {
    return halves(width);
  }

  /** Offset in the memory of the block of a half in which a row lies. */
  public long blockOffset(int half, int row) {
    return half * halfBytes(rows) + (long) (row / BLOCK_ROWS) * BLOCK_BYTES;
  }

  /** Samples a row: the {@code width} bytes of {@code source} from {@code at} on. */
  public void write(int row, MemorySegment source, long at) {
    SketchPositions positions = SketchPositions.of(width);
    for (int half = 0; half < halves(); half++) {
      long to = blockOffset(half, row) + wordOffset(row);
      for (int word = 0; word < HALF_WORDS; word++) {
        memory.set(
            ValueLayout.JAVA_LONG_UNALIGNED,
            to + (long) word * BLOCK_ROWS * Long.BYTES,
            positions.word(half, word, source, at));
      }
    }
  }

  /** Makes a row the copy of a row of a sketch of the same width. */
  void copy(int row, Sketch source, int sourceRow) {
    for (int half = 0; half < halves(); half++) {
      long from = source.blockOffset(half, sourceRow) + wordOffset(sourceRow);
      long to = blockOffset(half, row) + wordOffset(row);
      for (int word = 0; word < HALF_WORDS; word++) {
        long step = (long) word * BLOCK_ROWS * Long.BYTES;
        memory.set(
            ValueLayout.JAVA_LONG_UNALIGNED,
            to + step,
            source.memory.get(ValueLayout.JAVA_LONG_UNALIGNED, from + step));
      }
    }
  }

  /** Copies a row's words, by half. */
  void read(int row, long[][] words) {
    for (int half = 0; half < words.length; half++) {
      long at = blockOffset(half, row) + wordOffset(row);
      for (int word = 0; word < HALF_WORDS; word++) {
        words[half][word] =
            memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + (long) word * BLOCK_ROWS * Long.BYTES);
      }
    }
  }

  /** Writes a row's words, by half. */
  void write(int row, long[][] words) {
    for (int half = 0; half < words.length; half++) {
      long at = blockOffset(half, row) + wordOffset(row);
      for (int word = 0; word < HALF_WORDS; word++) {
        memory.set(
            ValueLayout.JAVA_LONG_UNALIGNED,
            at + (long) word * BLOCK_ROWS * Long.BYTES,
            words[half][word]);
      }
    }
  }

  /** Offset in its block of the first word of a row. */
  private static long wordOffset(int row) {
    return (long) (row % BLOCK_ROWS) * Long.BYTES;
  }

  /** Number of counted bits of one half in which a row differs from a query. */
  int distance(int half, int row, long[] query, long[] mask) {
    long at = blockOffset(half, row) + wordOffset(row);
    int sum = 0;
    for (int word = 0; word < HALF_WORDS; word++) {
      long bits =
          memory.get(ValueLayout.JAVA_LONG_UNALIGNED, at + (long) word * BLOCK_ROWS * Long.BYTES);
      sum += Long.bitCount((bits ^ query[word]) & mask[word]);
    }
    return sum;
  }
}
