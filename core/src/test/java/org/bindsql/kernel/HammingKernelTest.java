package org.bindsql.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Duels of the scalar kernel, the Vector API kernel and a loop over single bits. */
class HammingKernelTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);
  private static final HammingKernel[] KERNELS = {ScalarKernel.INSTANCE, new VectorKernel()};
  private static final int ROWS = 5;

  private enum Fill {
    RANDOM,
    ONES,
    ZEROS
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 4, 6, 7, 8, 13, 16, 25, 32, 63, 64, 65, 100, 128, 207, 256, 300, 512, 1024, 1664, 2048,
        4096, 8192
      })
  void kernelsAgreeWithBitLoop(int bytes) {
    Random random = new Random(SEED + bytes);
    for (Fill queryFill : Fill.values()) {
      for (Fill rowFill : Fill.values()) {
        for (int offset : new int[] {0, 1, 3, 8, 61}) {
          for (int gap : new int[] {0, 1, 64}) {
            duel(bytes, offset, bytes + gap, queryFill, rowFill, random);
          }
        }
      }
    }
  }

  private static void duel(
      int bytes, int offset, int stride, Fill queryFill, Fill rowFill, Random random) {
    try (Arena arena = Arena.ofConfined()) {
      // Exactly as large as needed, so that reading past the last code fails.
      MemorySegment codes = arena.allocate(offset + (ROWS - 1L) * stride + bytes);
      MemorySegment queries = arena.allocate((long) bytes * HammingKernel.TILE_QUERIES);
      fill(codes, rowFill, random);
      fill(queries, queryFill, random);
      int[] expected = new int[ROWS];
      int[] expectedTile = new int[ROWS * HammingKernel.TILE_QUERIES];
      for (int row = 0; row < ROWS; row++) {
        for (int q = 0; q < HammingKernel.TILE_QUERIES; q++) {
          expectedTile[q * ROWS + row] =
              bitLoop(queries, (long) q * bytes, codes, offset + (long) row * stride, bytes);
        }
        expected[row] = expectedTile[row];
      }
      int[] positions = {-1, 4, 0, 3}; // the first is not to be looked at
      int[] expectedGather = {expected[4], expected[0], expected[3]};
      for (HammingKernel kernel : KERNELS) {
        String what = "%s, %d bytes, seed %d".formatted(kernel.getClass(), bytes, SEED);
        assertEquals(expected[0], kernel.distance(queries, 0, codes, offset, bytes), what);
        assertEquals(expected[0], kernel.distance(codes, offset, queries, 0, bytes), what);
        int[] out = new int[ROWS];
        kernel.distances(queries, codes, offset, stride, ROWS, bytes, out);
        assertArrayEquals(expected, out, what);
        int[] gathered = new int[3];
        kernel.gather(queries, codes, offset, stride, positions, 1, 3, bytes, gathered);
        assertArrayEquals(expectedGather, gathered, what);
        int[] tile = new int[ROWS * HammingKernel.TILE_QUERIES];
        long[] at = {0, bytes, 2L * bytes, 3L * bytes};
        kernel.tile(queries, at, codes, offset, stride, ROWS, bytes, tile);
        assertArrayEquals(expectedTile, tile, what);
      }
    }
  }

  @Test
  void findsSmallValuesAndCopies() {
    Random random = new Random(SEED);
    int[] values = random.ints(333, -5, 40_000).toArray();
    short[] shorts = new short[values.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(10) == 0 ? values[i] : values[i] % 100;
      shorts[i] = (short) values[i];
    }
    for (int most : new int[] {-6, 0, 50, 99, 32_767, 40_000, Integer.MAX_VALUE}) {
      for (int from : new int[] {0, 1, 7, 300}) {
        int count = values.length - from - random.nextInt(4);
        for (HammingKernel kernel : KERNELS) {
          int[] positions = new int[count];
          int found = kernel.within(values, from, count, most, positions);
          assertArrayEquals(
              IntStream.range(0, count).filter(i -> values[from + i] <= most).toArray(),
              Arrays.copyOf(positions, found));
          found = kernel.within(shorts, from, count, most, positions);
          assertArrayEquals(
              IntStream.range(0, count).filter(i -> shorts[from + i] <= most).toArray(),
              Arrays.copyOf(positions, found));
        }
      }
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment source = arena.allocate(600);
      fill(source, Fill.RANDOM, random);
      for (HammingKernel kernel : KERNELS) {
        for (int bytes : new int[] {0, 1, 63, 64, 65, 256, 500}) {
          MemorySegment target = arena.allocate(600);
          kernel.copy(source, 7, target, 3, bytes);
          assertEquals(-1, source.asSlice(7, bytes).mismatch(target.asSlice(3, bytes)));
          assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 2));
          assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 3 + bytes));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 63, 64, 128, 200, 256, 512})
  void partsAddUp(int bytes) {
    Random random = new Random(SEED + bytes);
    for (int rows = 0; rows <= 2 * ROWS; rows++) {
      for (int gap : new int[] {0, 3}) {
        try (Arena arena = Arena.ofConfined()) {
          int stride = bytes + gap;
          MemorySegment codes = arena.allocate(1L + Math.max(0, rows - 1) * stride + bytes);
          MemorySegment query = arena.allocate(5L + bytes);
          fill(codes, Fill.RANDOM, random);
          fill(query, Fill.RANDOM, random);
          int[] expected = new int[rows];
          for (int row = 0; row < rows; row++) {
            expected[row] = 7 + bitLoop(query, 5, codes, 1L + row * stride, bytes);
          }
          for (HammingKernel kernel : KERNELS) {
            int[] out = new int[rows];
            Arrays.fill(out, 7);
            kernel.addDistances(query, 5, codes, 1, stride, rows, bytes, out);
            assertArrayEquals(expected, out, kernel.getClass() + ", seed " + SEED);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 8})
  void sketchesAgree(int words) {
    Random random = new Random(SEED + words);
    for (int blocks = 0; blocks <= 9; blocks++) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment sketches = arena.allocate(8 + 64L * words * blocks);
        fill(sketches, Fill.RANDOM, random);
        long[] query = random.longs(words).toArray();
        long[] mask = random.longs(words).map(m -> random.nextBoolean() ? -1 : m).toArray();
        short[] expected = new short[8 * blocks];
        ScalarKernel.INSTANCE.sketch(query, mask, sketches, 8, blocks, expected);
        short[] out = new short[8 * blocks];
        new VectorKernel().sketch(query, mask, sketches, 8, blocks, out);
        assertArrayEquals(expected, out, "seed " + SEED);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 2, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 48, 63, 64, 65, 96, 100, 127, 128, 129, 192,
        200, 255, 256, 257, 300, 511, 2048, 4095
      })
  void shortDistancesAgreeWithBitLoop(int bytes) {
    Random random = new Random(SEED + bytes);
    for (int rows : new int[] {0, 1, 3, 4, 31, 32, 33, 71}) {
      for (Fill fill : Fill.values()) {
        int offset = random.nextInt(70);
        int beyond = random.nextInt(3) * random.nextInt(80);
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment codes = arena.allocate(offset + (long) rows * bytes + beyond);
          MemorySegment query = arena.allocate(bytes);
          fill(codes, fill, random);
          fill(query, random.nextBoolean() ? Fill.RANDOM : Fill.ZEROS, random);
          short[] expected = new short[rows + 1];
          expected[rows] = -7; // not to be touched
          for (int row = 0; row < rows; row++) {
            expected[row] = (short) bitLoop(query, 0, codes, offset + (long) row * bytes, bytes);
          }
          for (HammingKernel kernel : KERNELS) {
            short[] out = new short[rows + 1];
            Arrays.fill(out, (short) -7);
            kernel.distances(query, codes, offset, rows, bytes, out);
            assertArrayEquals(
                expected, out, "%s, %d rows, seed %d".formatted(kernel.getClass(), rows, SEED));
          }
        }
      }
    }
  }

  private static void fill(MemorySegment segment, Fill fill, Random random) {
    byte[] bytes = new byte[(int) segment.byteSize()];
    switch (fill) {
      case RANDOM -> random.nextBytes(bytes);
      case ONES -> Arrays.fill(bytes, (byte) 0xFF);
      case ZEROS -> {}
    }
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  private static int bitLoop(
      MemorySegment a, long aOffset, MemorySegment b, long bOffset, int bytes) {
    int sum = 0;
    for (int i = 0; i < bytes; i++) {
      int x = a.get(ValueLayout.JAVA_BYTE, aOffset + i) ^ b.get(ValueLayout.JAVA_BYTE, bOffset + i);
      for (int bit = 0; bit < 8; bit++) {
        sum += (x >> bit) & 1;
      }
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 64, 2048})
  void zeroRowsTouchNothingAndRowsPastTheEndFail(int bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment code = arena.allocate(bytes);
      for (HammingKernel kernel : KERNELS) {
        kernel.distances(code, MemorySegment.NULL, 0, bytes, 0, bytes, new int[0]);
        assertThrows(
            IndexOutOfBoundsException.class,
            () -> kernel.distances(code, code, 0, bytes, 2, bytes, new int[2]));
      }
    }
  }
}
