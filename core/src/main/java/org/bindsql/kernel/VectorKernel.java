package org.bindsql.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
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
      MemorySegment codes,
      long offset,
      long stride,
      int rows,
      int bytes,
      int[] out) {
    int body = bytes - bytes % STEP;
    for (int row = 0; row < rows; row++) {
      long at = offset + row * stride;
      LongVector sum0 = LongVector.zero(SPECIES);
      LongVector sum1 = LongVector.zero(SPECIES);
      LongVector sum2 = LongVector.zero(SPECIES);
      LongVector sum3 = LongVector.zero(SPECIES);
      for (int i = 0; i < body; i += STEP) {
        LongVector x = LongVector.fromMemorySegment(SPECIES, codes, at + i, ORDER);
        sum0 = sum0.add(differing(x, queries, i));
        sum1 = sum1.add(differing(x, queries, (long) bytes + i));
        sum2 = sum2.add(differing(x, queries, 2L * bytes + i));
        sum3 = sum3.add(differing(x, queries, 3L * bytes + i));
      }
      int to = TILE_QUERIES * row;
      out[to] = (int) sum0.reduceLanes(VectorOperators.ADD);
      out[to + 1] = (int) sum1.reduceLanes(VectorOperators.ADD);
      out[to + 2] = (int) sum2.reduceLanes(VectorOperators.ADD);
      out[to + 3] = (int) sum3.reduceLanes(VectorOperators.ADD);
      if (body < bytes) {
        for (int j = 0; j < TILE_QUERIES; j++) {
          out[to + j] += rest(queries, (long) j * bytes, codes, at, body, bytes);
        }
      }
    }
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
