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
 * <p>One accumulator per query: two or four gain nothing in cache and lose from memory.
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
    if (bytes != 4 * STEP) {
      for (int i = 0; i < rows; i++) {
        out[i] += distance(query, queryOffset, codes, offset + i * stride, bytes);
      }
      return;
    }
    // Four vectors, a slice where vectors have 512 bits: the query stays in registers.
    LongVector q0 = LongVector.fromMemorySegment(SPECIES, query, queryOffset, ORDER);
    LongVector q1 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + STEP, ORDER);
    LongVector q2 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + 2L * STEP, ORDER);
    LongVector q3 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + 3L * STEP, ORDER);
    for (int i = 0; i < rows; i++) {
      long at = offset + i * stride;
      LongVector sum =
          differing(q0, codes, at)
              .add(differing(q1, codes, at + STEP))
              .add(differing(q2, codes, at + 2L * STEP))
              .add(differing(q3, codes, at + 3L * STEP));
      out[i] += (int) sum.reduceLanes(VectorOperators.ADD);
    }
  }

  @Override
  public void addDistancesOfTwo(
      MemorySegment query,
      long queryOffset,
      MemorySegment codes,
      long offset,
      long second,
      long stride,
      int rows,
      int bytes,
      int[] out) {
    if (bytes != 4 * STEP) {
      HammingKernel.super.addDistancesOfTwo(
          query, queryOffset, codes, offset, second, stride, rows, bytes, out);
      return;
    }
    // Eight vectors of the query stay in registers; sixteen do not, and take ten times as long.
    LongVector p0 = LongVector.fromMemorySegment(SPECIES, query, queryOffset, ORDER);
    LongVector p1 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + STEP, ORDER);
    LongVector p2 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + 2L * STEP, ORDER);
    LongVector p3 = LongVector.fromMemorySegment(SPECIES, query, queryOffset + 3L * STEP, ORDER);
    long rest = queryOffset + bytes;
    LongVector q0 = LongVector.fromMemorySegment(SPECIES, query, rest, ORDER);
    LongVector q1 = LongVector.fromMemorySegment(SPECIES, query, rest + STEP, ORDER);
    LongVector q2 = LongVector.fromMemorySegment(SPECIES, query, rest + 2L * STEP, ORDER);
    LongVector q3 = LongVector.fromMemorySegment(SPECIES, query, rest + 3L * STEP, ORDER);
    for (int i = 0; i < rows; i++) {
      long a = offset + i * stride;
      LongVector first =
          differing(p0, codes, a)
              .add(differing(p1, codes, a + STEP))
              .add(differing(p2, codes, a + 2L * STEP))
              .add(differing(p3, codes, a + 3L * STEP));
      long b = second + i * stride;
      LongVector other =
          differing(q0, codes, b)
              .add(differing(q1, codes, b + STEP))
              .add(differing(q2, codes, b + 2L * STEP))
              .add(differing(q3, codes, b + 3L * STEP));
      out[i] += (int) first.add(other).reduceLanes(VectorOperators.ADD);
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
    int step = SKETCH_LANES.length();
    for (int block = 0; block < blocks; block++) {
      long at = offset + 64L * query.length * block;
      for (int lane = 0; lane < 8; lane += step) {
        LongVector sum = LongVector.zero(SKETCH_LANES);
        for (int word = 0; word < query.length; word++) {
          sum =
              sum.add(
                  LongVector.fromMemorySegment(
                          SKETCH_LANES, sketches, at + 64L * word + 8L * lane, ORDER)
                      .lanewise(VectorOperators.XOR, query[word])
                      .lanewise(VectorOperators.AND, mask[word])
                      .lanewise(VectorOperators.BIT_COUNT));
        }
        ((ShortVector) sum.convertShape(VectorOperators.L2S, SKETCH_COUNTS, 0))
            .intoArray(out, 8 * block + lane);
      }
    }
  }
}
