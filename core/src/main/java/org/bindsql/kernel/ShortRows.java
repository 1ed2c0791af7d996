package org.bindsql.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Distances to rows that follow each other, on the Vector API, for rows of up to four vectors: a
 * loop over so few costs more than they do.
 *
 * <p>In rows of up to one vector a horizontal sum for each row would be most of the work. A vector
 * of counts holds at most 64 in each lane of 64 bits. So four vectors fit in one, 16 bits for each
 * ({@link #pack}), and what is summed across lanes is four rows, or four groups of rows, at once.
 * From two vectors on memory is the limit, and four rows at once are slower than one.
 *
 * <p>Vectors are never loaded from segments on the heap here: each kind of segment that the JVM has
 * seen makes every access slower.
 */
final class ShortRows {
  private static final VectorSpecies<Long> LONGS = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> COUNTS =
      LONGS.length() == 8 ? ShortVector.SPECIES_128 : ShortVector.SPECIES_64;
  private static final int STEP = LONGS.length() * Long.BYTES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private static final VectorShuffle<Long> SWAP_ONE = swap(1);
  private static final VectorShuffle<Long> SWAP_TWO = swap(2);
  private static final VectorShuffle<Short> ORDER_OF_2 = rowOrder(2);
  private static final VectorShuffle<Short> ORDER_OF_4 = rowOrder(4);

  private ShortRows() {}

  /** As {@link HammingKernel#distances(MemorySegment, MemorySegment, long, int, int, short[])}. */
  static void distances(
      MemorySegment query, MemorySegment codes, long offset, int rows, int bytes, short[] out) {
    // Rows shorter than a vector are read together with what follows them.
    long readable = codes.byteSize() - offset - Math.max(bytes, STEP);
    int whole = readable < 0 ? 0 : (int) Math.min(rows, readable / bytes + 1);
    int done;
    if (bytes == 8) {
      done = words(query, codes, offset, rows, out);
    } else if (bytes == 16 && STEP > 16) {
      done = pairs(query, codes, offset, rows, out);
    } else if (bytes == 32 && STEP > 32) {
      done = fours(query, codes, offset, rows, out);
    } else if (bytes <= STEP) {
      done = upToOneVector(query, codes, offset, whole, bytes, out);
    } else if (bytes <= 2 * STEP) {
      done = upToTwoVectors(query, codes, offset, whole, bytes, out);
    } else if (bytes == 4 * STEP) {
      done = fourVectors(query, codes, offset, rows, out);
    } else {
      done = 0;
    }
    for (int row = done; row < rows; row++) {
      out[row] =
          (short) VectorKernel.differing(query, 0, codes, offset + (long) row * bytes, bytes);
    }
  }

  /** Rows of one word: a row in each lane. Returns the number of rows done. */
  private static int words(
      MemorySegment query, MemorySegment codes, long offset, int rows, short[] out) {
    long q = query.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
    int row = 0;
    for (; row + LONGS.length() <= rows; row += LONGS.length()) {
      LongVector counts =
          LongVector.fromMemorySegment(LONGS, codes, offset + 8L * row, ORDER)
              .lanewise(VectorOperators.XOR, q)
              .lanewise(VectorOperators.BIT_COUNT);
      ((ShortVector) counts.convertShape(VectorOperators.L2S, COUNTS, 0)).intoArray(out, row);
    }
    return row;
  }

  /** Rows of two words: four vectors at once, in which a row has two lanes. */
  private static int pairs(
      MemorySegment query, MemorySegment codes, long offset, int rows, short[] out) {
    LongVector q = repeated(query, 2);
    int row = 0;
    for (; row + SHORTS.length() <= rows; row += 2 * LONGS.length()) {
      LongVector four = packed(q, codes, offset + 16L * row);
      four = four.add(four.rearrange(SWAP_ONE));
      four.reinterpretAsShorts().rearrange(ORDER_OF_2).intoArray(out, row);
    }
    return row;
  }

  /** Rows of four words: four vectors at once, in which a row has four lanes. */
  private static int fours(
      MemorySegment query, MemorySegment codes, long offset, int rows, short[] out) {
    LongVector q = repeated(query, 4);
    int row = 0;
    for (; row + SHORTS.length() <= rows; row += LONGS.length()) {
      LongVector four = packed(q, codes, offset + 32L * row);
      four = four.add(four.rearrange(SWAP_ONE));
      four = four.add(four.rearrange(SWAP_TWO));
      four.reinterpretAsShorts().rearrange(ORDER_OF_4).intoArray(out, row);
    }
    return row;
  }

  /** Rows of up to one vector, four at a time; what follows a row is read with it. */
  private static int upToOneVector(
      MemorySegment query, MemorySegment codes, long offset, int rows, int bytes, short[] out) {
    LongVector q = part(query, 0, bytes);
    LongVector m = partMask(0, bytes);
    int row = 0;
    for (; row + 4 <= rows; row += 4) {
      long at = offset + (long) row * bytes;
      put(
          pack(
              differing(q, m, codes, at),
              differing(q, m, codes, at + bytes),
              differing(q, m, codes, at + 2L * bytes),
              differing(q, m, codes, at + 3L * bytes)),
          out,
          row);
    }
    return row;
  }

  /** Rows of up to two vectors, the second of which overlaps the first. */
  private static int upToTwoVectors(
      MemorySegment query, MemorySegment codes, long offset, int rows, int bytes, short[] out) {
    LongVector q0 = part(query, 0, STEP);
    LongVector q1 = part(query, STEP, bytes);
    LongVector m1 = partMask(STEP, bytes);
    for (int row = 0; row < rows; row++) {
      long at = offset + (long) row * bytes;
      LongVector counts = differing(q0, codes, at).add(differing(q1, m1, codes, at + bytes - STEP));
      out[row] = (short) counts.reduceLanes(VectorOperators.ADD);
    }
    return rows;
  }

  /** Rows of exactly four vectors: two more masks would cost a third of the time. */
  private static int fourVectors(
      MemorySegment query, MemorySegment codes, long offset, int rows, short[] out) {
    LongVector q0 = LongVector.fromMemorySegment(LONGS, query, 0, ORDER);
    LongVector q1 = LongVector.fromMemorySegment(LONGS, query, STEP, ORDER);
    LongVector q2 = LongVector.fromMemorySegment(LONGS, query, 2L * STEP, ORDER);
    LongVector q3 = LongVector.fromMemorySegment(LONGS, query, 3L * STEP, ORDER);
    for (int row = 0; row < rows; row++) {
      long at = offset + 4L * STEP * row;
      LongVector counts =
          differing(q0, codes, at)
              .add(differing(q1, codes, at + STEP))
              .add(differing(q2, codes, at + 2L * STEP))
              .add(differing(q3, codes, at + 3L * STEP));
      out[row] = (short) counts.reduceLanes(VectorOperators.ADD);
    }
    return rows;
  }

  /** Writes the sums of four packed rows. */
  private static void put(LongVector packed, short[] out, int row) {
    long four = packed.reduceLanes(VectorOperators.ADD);
    out[row] = (short) four;
    out[row + 1] = (short) (four >>> 16);
    out[row + 2] = (short) (four >>> 32);
    out[row + 3] = (short) (four >>> 48);
  }

  private static LongVector packed(LongVector q, MemorySegment codes, long at) {
    return pack(
        differing(q, codes, at),
        differing(q, codes, at + STEP),
        differing(q, codes, at + 2L * STEP),
        differing(q, codes, at + 3L * STEP));
  }

  private static LongVector pack(LongVector a, LongVector b, LongVector c, LongVector d) {
    return a.add(b.lanewise(VectorOperators.LSHL, 16))
        .add(c.lanewise(VectorOperators.LSHL, 32).add(d.lanewise(VectorOperators.LSHL, 48)));
  }

  private static LongVector differing(LongVector q, MemorySegment codes, long at) {
    return LongVector.fromMemorySegment(LONGS, codes, at, ORDER)
        .lanewise(VectorOperators.XOR, q)
        .lanewise(VectorOperators.BIT_COUNT);
  }

  private static LongVector differing(LongVector q, LongVector mask, MemorySegment codes, long at) {
    return LongVector.fromMemorySegment(LONGS, codes, at, ORDER)
        .lanewise(VectorOperators.XOR, q)
        .lanewise(VectorOperators.AND, mask)
        .lanewise(VectorOperators.BIT_COUNT);
  }

  /** A query of {@code words} words, as often as it fits in a vector. */
  private static LongVector repeated(MemorySegment query, int words) {
    long[] lanes = new long[LONGS.length()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = query.get(ValueLayout.JAVA_LONG_UNALIGNED, 8L * (i % words));
    }
    return LongVector.fromArray(LONGS, lanes, 0);
  }

  /** The vector of a query that holds its bytes {@code from} to {@code to - 1} at its end. */
  private static LongVector part(MemorySegment query, int from, int to) {
    byte[] part = new byte[STEP];
    int start = Math.max(0, to - STEP);
    MemorySegment.copy(query, ValueLayout.JAVA_BYTE, start, part, 0, Math.min(to, STEP));
    return ByteVector.fromArray(BYTES, part, 0).reinterpretAsLongs();
  }

  /** Ones for the bytes {@code from} to {@code to - 1} in such a vector; none if there are none. */
  private static LongVector partMask(int from, int to) {
    byte[] mask = new byte[STEP];
    int start = Math.max(0, to - STEP);
    for (int i = from; i < to; i++) {
      mask[i - start] = -1;
    }
    return ByteVector.fromArray(BYTES, mask, 0).reinterpretAsLongs();
  }

  private static VectorShuffle<Long> swap(int distance) {
    return VectorShuffle.fromOp(LONGS, lane -> (lane ^ distance) % LONGS.length());
  }

  /**
   * The order of rows in memory, for four packed vectors whose rows have some lanes each: the rows
   * of the first vector come first.
   */
  private static VectorShuffle<Short> rowOrder(int lanes) {
    int rows = Math.max(1, LONGS.length() / lanes);
    return VectorShuffle.fromOp(
        SHORTS, row -> (row % rows * lanes * 4 + row / rows) % SHORTS.length());
  }
}
