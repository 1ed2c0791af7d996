package org.bindsql.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernel on the Java Vector API; only touched when {@link KernelChoice} says so, because its
 * constants need the module {@code jdk.incubator.vector}.
 *
 * <p>One accumulator per row and query: more gain nothing in cache and lose from memory. One query
 * meets two rows at once, from distant halves of a stretch: two streams keep more of memory's lines
 * under way (50 ns for 2,048 bytes; one stream 60, four 52, two in the same page 150).
 */
final class VectorKernel implements HammingKernel {
  private static final VectorSpecies<Long> SPECIES = LongVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_PREFERRED;
  private static final int STEP = SPECIES.length() * Long.BYTES;
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  // The 8 rows of a block in one vector or two.
  private static final VectorSpecies<Long> SKETCH_LANES =
      SPECIES.length() > 8 ? LongVector.SPECIES_512 : SPECIES;
  private static final VectorSpecies<Short> SKETCH_COUNTS =
      SKETCH_LANES.length() == 8 ? ShortVector.SPECIES_128 : ShortVector.SPECIES_64;

  /** Width of the vectors in use, in bits. */
  static int vectorBits() {
    return SPECIES.vectorBitSize();
  }

  @Override
  public int distance(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    return differing(a, aOffset, b, bOffset, bytes);
  }

  static int differing(MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    if (bytes < STEP) {
      return rest(a, aOffset, b, bOffset, 0, bytes);
    }
    int body = bytes - bytes % STEP;
    LongVector sum = LongVector.zero(SPECIES);
    for (int i = 0; i < body; i += STEP) {
      LongVector x = LongVector.fromMemorySegment(SPECIES, a, aOffset + i, ORDER);
      LongVector y = LongVector.fromMemorySegment(SPECIES, b, bOffset + i, ORDER);
      sum = sum.add(x.lanewise(VectorOperators.XOR, y).lanewise(VectorOperators.BIT_COUNT));
    }
    int total = (int) sum.reduceLanes(VectorOperators.ADD);
    return body == bytes ? total : total + rest(a, aOffset, b, bOffset, body, bytes);
  }

  /** Distance of what is shorter than a vector: words, then bytes. */
  private static int rest(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int from, int to) {
    int sum = 0;
    int i = from;
    for (; i + Long.BYTES <= to; i += Long.BYTES) {
      sum += Long.bitCount(a.get(LONG, aOffset + i) ^ b.get(LONG, bOffset + i));
    }
    return sum + ScalarKernel.tail(a, aOffset, b, bOffset, i, to);
  }

  /**
   * Distances of a part of a query to two rows: the first's in the lower half, the second's in the
   * upper half.
   *
   * <p>The end of the loop is tested with {@code !=}, so that C2 does not take it for a counted
   * one: those have parts before and after them and long tests before that, and with rows from
   * memory then take 75 instead of 50 ns for 2,048 bytes. Loops over more than some 1,000 rows are
   * worse off as counted ones: C2 moves their bounds checks out of them in a form that fails at the
   * last rows, and throws the code away and compiles it again, up to 200 times; meanwhile a search
   * takes ten times as long.
   */
  private static long two(
      MemorySegment query,
      long queryOffset,
      MemorySegment codes,
      long first,
      long second,
      int bytes) {
    MemorySegment q = query.asSlice(queryOffset, bytes);
    MemorySegment a = codes.asSlice(first, bytes);
    MemorySegment b = codes.asSlice(second, bytes);
    int body = bytes - bytes % STEP;
    LongVector sumA = LongVector.zero(SPECIES);
    LongVector sumB = LongVector.zero(SPECIES);
    for (int i = 0; i != body; i += STEP) {
      LongVector x = LongVector.fromMemorySegment(SPECIES, q, i, ORDER);
      sumA = sumA.add(differing(x, a, i));
      sumB = sumB.add(differing(x, b, i));
    }
    long distanceA = sumA.reduceLanes(VectorOperators.ADD);
    long distanceB = sumB.reduceLanes(VectorOperators.ADD);
    if (body < bytes) {
      distanceA += rest(q, 0, a, 0, body, bytes);
      distanceB += rest(q, 0, b, 0, body, bytes);
    }
    return distanceB << Integer.SIZE | distanceA;
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
    int half = rows / 2;
    for (int i = 0; i < half; i++) {
      long at = offset + i * stride;
      long two = two(query, 0, codes, at, at + half * stride, bytes);
      out[i] = (int) two;
      out[half + i] = (int) (two >>> Integer.SIZE);
    }
    for (int i = 2 * half; i < rows; i++) {
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
    int half = rows / 2;
    if (bytes == 4 * STEP && stride == bytes) {
      addHalves(query, queryOffset, codes, offset, half, out);
    } else {
      for (int i = 0; i < half; i++) {
        long at = offset + i * stride;
        long two = two(query, queryOffset, codes, at, at + half * stride, bytes);
        out[i] += (int) two;
        out[half + i] += (int) (two >>> Integer.SIZE);
      }
    }
    for (int i = 2 * half; i < rows; i++) {
      out[i] += distance(query, queryOffset, codes, offset + i * stride, bytes);
    }
  }

  /**
   * Adds the distances of {@code 2 * half} rows of four vectors that lie side by side, a whole
   * slice where vectors have 512 bits: the query stays in registers. That takes 6.2 ns a row of 256
   * bytes from memory, {@link #two} 6.6, a scan of whole rows in C 6.3.
   */
  private static void addHalves(
      MemorySegment query,
      long queryOffset,
      MemorySegment codes,
      long offset,
      int half,
      int[] out) {
    long bytes = 4L * STEP * half;
    MemorySegment a = codes.asSlice(offset, bytes);
    MemorySegment b = codes.asSlice(offset + bytes, bytes);
    LongVector q0 = LongVector.fromMemorySegment(SPECIES, query, queryOffset, ORDER);
    LongVector q1 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + STEP, ORDER);
    LongVector q2 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + 2L * STEP, ORDER);
    LongVector q3 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + 3L * STEP, ORDER);
    int i = 0;
    for (long at = 0; at != bytes; at += 4L * STEP) { // not i < half: see two
      LongVector sumA =
          differing(q0, a, at)
              .add(differing(q1, a, at + STEP))
              .add(differing(q2, a, at + 2L * STEP))
              .add(differing(q3, a, at + 3L * STEP));
      LongVector sumB =
          differing(q0, b, at)
              .add(differing(q1, b, at + STEP))
              .add(differing(q2, b, at + 2L * STEP))
              .add(differing(q3, b, at + 3L * STEP));
      // Two sums at once: each fits half a lane.
      long two =
          sumA.add(sumB.lanewise(VectorOperators.LSHL, Integer.SIZE))
              .reduceLanes(VectorOperators.ADD);
      out[i] += (int) two;
      out[half + i] += (int) (two >>> Integer.SIZE);
      i++;
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
    int half = count / 2;
    for (int i = 0; i < half; i++) {
      long first = offset + positions[from + i] * stride;
      long second = offset + positions[from + half + i] * stride;
      long two = two(query, 0, codes, first, second, bytes);
      out[i] = (int) two;
      out[half + i] = (int) (two >>> Integer.SIZE);
    }
    for (int i = 2 * half; i < count; i++) {
      out[i] = distance(query, 0, codes, offset + positions[from + i] * stride, bytes);
    }
  }

  @Override
  public void distances(
      MemorySegment query, MemorySegment codes, long offset, int rows, int bytes, short[] out) {
    ShortRows.distances(query, codes, offset, rows, bytes, out);
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
    int body = bytes - bytes % STEP;
    // Two rows by four queries: six loads for eight comparisons, and the sums stay in registers.
    int pairs = rows - rows % 2;
    for (int row = 0; row < pairs; row += 2) {
      tileOfTwo(queries, at, codes, offset + row * stride, stride, rows, body, row, out);
    }
    if (pairs < rows) {
      for (int j = 0; j < TILE_QUERIES; j++) {
        out[j * rows + pairs] = distance(queries, at[j], codes, offset + pairs * stride, body);
      }
    }
    if (body < bytes) {
      for (int j = 0; j < TILE_QUERIES; j++) {
        for (int row = 0; row < rows; row++) {
          out[j * rows + row] += rest(queries, at[j], codes, offset + row * stride, body, bytes);
        }
      }
    }
  }

  private static void tileOfTwo(
      MemorySegment queries,
      long[] at,
      MemorySegment codes,
      long first,
      long stride,
      int rows,
      int body,
      int row,
      int[] out) {
    long second = first + stride;
    long at0 = at[0];
    long at1 = at[1];
    long at2 = at[2];
    long at3 = at[3];
    LongVector a0 = LongVector.zero(SPECIES);
    LongVector a1 = LongVector.zero(SPECIES);
    LongVector a2 = LongVector.zero(SPECIES);
    LongVector a3 = LongVector.zero(SPECIES);
    LongVector b0 = LongVector.zero(SPECIES);
    LongVector b1 = LongVector.zero(SPECIES);
    LongVector b2 = LongVector.zero(SPECIES);
    LongVector b3 = LongVector.zero(SPECIES);
    for (int i = 0; i < body; i += STEP) {
      LongVector a = LongVector.fromMemorySegment(SPECIES, codes, first + i, ORDER);
      LongVector b = LongVector.fromMemorySegment(SPECIES, codes, second + i, ORDER);
      LongVector q0 = LongVector.fromMemorySegment(SPECIES, queries, at0 + i, ORDER);
      a0 = a0.add(differing(a, q0));
      b0 = b0.add(differing(b, q0));
      LongVector q1 = LongVector.fromMemorySegment(SPECIES, queries, at1 + i, ORDER);
      a1 = a1.add(differing(a, q1));
      b1 = b1.add(differing(b, q1));
      LongVector q2 = LongVector.fromMemorySegment(SPECIES, queries, at2 + i, ORDER);
      a2 = a2.add(differing(a, q2));
      b2 = b2.add(differing(b, q2));
      LongVector q3 = LongVector.fromMemorySegment(SPECIES, queries, at3 + i, ORDER);
      a3 = a3.add(differing(a, q3));
      b3 = b3.add(differing(b, q3));
    }
    out[row] = (int) a0.reduceLanes(VectorOperators.ADD);
    out[row + 1] = (int) b0.reduceLanes(VectorOperators.ADD);
    out[rows + row] = (int) a1.reduceLanes(VectorOperators.ADD);
    out[rows + row + 1] = (int) b1.reduceLanes(VectorOperators.ADD);
    out[2 * rows + row] = (int) a2.reduceLanes(VectorOperators.ADD);
    out[2 * rows + row + 1] = (int) b2.reduceLanes(VectorOperators.ADD);
    out[3 * rows + row] = (int) a3.reduceLanes(VectorOperators.ADD);
    out[3 * rows + row + 1] = (int) b3.reduceLanes(VectorOperators.ADD);
  }

  private static LongVector differing(LongVector a, LongVector b) {
    return a.lanewise(VectorOperators.XOR, b).lanewise(VectorOperators.BIT_COUNT);
  }

  @Override
  public void copy(MemorySegment source, long at, MemorySegment target, long to, int bytes) {
    int body = bytes - bytes % STEP;
    for (int i = 0; i < body; i += STEP) {
      LongVector.fromMemorySegment(SPECIES, source, at + i, ORDER)
          .intoMemorySegment(target, to + i, ORDER);
    }
    if (body < bytes) {
      MemorySegment.copy(source, at + body, target, to + body, bytes - body);
    }
  }

  @Override
  public int within(int[] values, int from, int count, int most, int[] positions) {
    int body = count - count % INTS.length();
    int found = 0;
    for (int i = 0; i < body; i += INTS.length()) {
      long small =
          IntVector.fromArray(INTS, values, from + i).compare(VectorOperators.LE, most).toLong();
      for (; small != 0; small &= small - 1) {
        positions[found++] = i + Long.numberOfTrailingZeros(small);
      }
    }
    for (int i = body; i < count; i++) {
      if (values[from + i] <= most) {
        positions[found++] = i;
      }
    }
    return found;
  }

  @Override
  public int within(short[] values, int from, int count, int most, int[] positions) {
    short least = (short) Math.clamp(most, Short.MIN_VALUE, Short.MAX_VALUE);
    int body = count - count % SHORTS.length();
    int found = 0;
    for (int i = 0; i < body; i += SHORTS.length()) {
      long small =
          ShortVector.fromArray(SHORTS, values, from + i)
              .compare(VectorOperators.LE, least)
              .toLong();
      for (; small != 0; small &= small - 1) {
        positions[found++] = i + Long.numberOfTrailingZeros(small);
      }
    }
    for (int i = body; i < count; i++) {
      if (values[from + i] <= most) {
        positions[found++] = i;
      }
    }
    return found;
  }

  private static LongVector differing(LongVector x, MemorySegment queries, long offset) {
    return x.lanewise(
            VectorOperators.XOR, LongVector.fromMemorySegment(SPECIES, queries, offset, ORDER))
        .lanewise(VectorOperators.BIT_COUNT);
  }

  @Override
  public void sketch(
      long[] query, long[] mask, MemorySegment sketches, long offset, int blocks, short[] out) {
    if (SKETCH_LANES.length() < 4) {
      ScalarKernel.INSTANCE.sketch(query, mask, sketches, offset, blocks, out);
      return;
    }
    int done = 0;
    if (query.length == 4 && SKETCH_LANES.length() == 8) {
      done = blocks / 2 * 2;
      sketchHalves(query, mask, sketches, offset, done / 2, out);
    }
    int step = SKETCH_LANES.length();
    for (int block = done; block < blocks; block++) {
      long at = offset + 64L * query.length * block;
      for (int lane = 0; lane < 8; lane += step) {
        LongVector sum = LongVector.zero(SKETCH_LANES);
        for (int word = 0; word < query.length; word++) {
          LongVector words =
              LongVector.fromMemorySegment(
                  SKETCH_LANES, sketches, at + 64L * word + 8L * lane, ORDER);
          sum =
              sum.add(
                  words
                      .lanewise(VectorOperators.XOR, query[word])
                      .lanewise(VectorOperators.AND, mask[word])
                      .lanewise(VectorOperators.BIT_COUNT));
        }
        ((ShortVector) sum.convertShape(VectorOperators.L2S, SKETCH_COUNTS, 0))
            .intoArray(out, 8 * block + lane);
      }
    }
  }

  /**
   * Distances to {@code 2 * half} blocks of four words, for vectors of 512 bits: query and mask
   * stay in registers, and two blocks are read at once.
   */
  private static void sketchHalves(
      long[] query, long[] mask, MemorySegment sketches, long offset, int half, short[] out) {
    long bytes = 256L * half;
    MemorySegment a = sketches.asSlice(offset, bytes);
    MemorySegment b = sketches.asSlice(offset + bytes, bytes);
    LongVector q0 = LongVector.broadcast(SKETCH_LANES, query[0]);
    LongVector q1 = LongVector.broadcast(SKETCH_LANES, query[1]);
    LongVector q2 = LongVector.broadcast(SKETCH_LANES, query[2]);
    LongVector q3 = LongVector.broadcast(SKETCH_LANES, query[3]);
    LongVector m0 = LongVector.broadcast(SKETCH_LANES, mask[0]);
    LongVector m1 = LongVector.broadcast(SKETCH_LANES, mask[1]);
    LongVector m2 = LongVector.broadcast(SKETCH_LANES, mask[2]);
    LongVector m3 = LongVector.broadcast(SKETCH_LANES, mask[3]);
    int i = 0;
    for (long at = 0; at != bytes; at += 256) { // not i < half: see two
      LongVector sumA =
          differing(q0, m0, a, at)
              .add(differing(q1, m1, a, at + 64))
              .add(differing(q2, m2, a, at + 128))
              .add(differing(q3, m3, a, at + 192));
      LongVector sumB =
          differing(q0, m0, b, at)
              .add(differing(q1, m1, b, at + 64))
              .add(differing(q2, m2, b, at + 128))
              .add(differing(q3, m3, b, at + 192));
      ((ShortVector) sumA.convertShape(VectorOperators.L2S, SKETCH_COUNTS, 0))
          .intoArray(out, 8 * i);
      ((ShortVector) sumB.convertShape(VectorOperators.L2S, SKETCH_COUNTS, 0))
          .intoArray(out, 8 * (half + i));
      i++;
    }
  }

  private static LongVector differing(
      LongVector x, LongVector mask, MemorySegment sketches, long offset) {
    return LongVector.fromMemorySegment(SKETCH_LANES, sketches, offset, ORDER)
        .lanewise(VectorOperators.XOR, x)
        .lanewise(VectorOperators.AND, mask)
        .lanewise(VectorOperators.BIT_COUNT);
  }
}
