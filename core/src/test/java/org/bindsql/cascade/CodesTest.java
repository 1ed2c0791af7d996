package org.bindsql.cascade;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.kernel.ScalarKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sliced codes and sketches against row-major ones. */
class CodesTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);
  private static final int ROWS = 37;

  @ParameterizedTest
  @ValueSource(
      ints = {
        1, 8, 13, 255, 256, 511, 512, 513, 700, 769, 1000, 1024, 2047, 2048, 4104, 8191, 8192
      })
  void slicedCodesHaveTheRowsAndDistancesOfRowMajorOnes(int width) {
    Random random = new Random(SEED + width);
    try (Arena arena = Arena.ofConfined()) {
      Codes rowMajor = Codes.rowMajor(random(arena, (long) ROWS * width, random), width, ROWS);
      Segment segment = Segment.allocate(ROWS, width, arena);
      Codes sliced = Objects.requireNonNull(segment.codes());
      segment.write(0, ROWS, rowMajor.memory(), 0);
      MemorySegment queries = random(arena, 4L * width, random);
      int bytes = 1 + random.nextInt(width);
      int from = random.nextInt(ROWS);
      int count = random.nextInt(ROWS - from + 1);
      int[] positions = random.ints(ROWS, 0, ROWS).toArray();
      for (HammingKernel kernel :
          new HammingKernel[] {HammingKernel.get(), ScalarKernel.INSTANCE}) {
        int[] a = new int[4 * ROWS];
        int[] b = new int[4 * ROWS];
        rowMajor.distances(kernel, queries, bytes, from, count, a);
        sliced.distances(kernel, queries, bytes, from, count, b);
        assertArrayEquals(a, b, "distances, seed " + SEED);
        rowMajor.gather(kernel, queries, bytes, positions, from, count, a);
        sliced.gather(kernel, queries, bytes, positions, from, count, b);
        assertArrayEquals(a, b, "gather, seed " + SEED);
      }
      MemorySegment part = arena.allocate(width);
      for (int row = 0; row < ROWS; row++) {
        byte[] code = rowMajor.read(row);
        assertArrayEquals(code, sliced.read(row));
        assertEquals(rowMajor.popcount(row), sliced.popcount(row));
        int start = random.nextInt(width);
        sliced.read(row, start, width - start, part, 0);
        assertArrayEquals(
            Arrays.copyOfRange(code, start, width),
            part.asSlice(0, width - start).toArray(ValueLayout.JAVA_BYTE));
      }
      checkSketch(segment, rowMajor, queries, bytes);
    }
  }

  /**
   * A sketch counts the bits at its positions: those of the first half and of the second differ.
   */
  private static void checkSketch(Segment segment, Codes rows, MemorySegment query, int bytes) {
    Sketch sketch = segment.sketch();
    assertEquals(sketch != null, Sketch.halves(rows.width()) > 0);
    if (sketch == null) {
      return;
    }
    SketchQuery sampled = new SketchQuery(query, rows.width(), bytes, 1);
    int[] all = new int[ROWS];
    rows.distances(ScalarKernel.INSTANCE, query, bytes, 0, ROWS, all);
    int blocks = (ROWS + 7) / 8;
    int[] sum = new int[ROWS];
    for (int half = 0; half < sketch.halves(); half++) {
      short[] scalar = new short[8 * blocks];
      short[] vector = new short[8 * blocks];
      ScalarKernel.INSTANCE.sketch(
          sampled.words(half),
          sampled.masks(half),
          sketch.memory(),
          sketch.blockOffset(half, 0),
          blocks,
          scalar);
      HammingKernel.get()
          .sketch(
              sampled.words(half),
              sampled.masks(half),
              sketch.memory(),
              sketch.blockOffset(half, 0),
              blocks,
              vector);
      for (int row = 0; row < ROWS; row++) {
        assertEquals(scalar[row], vector[row]);
        assertEquals(scalar[row], sampled.distance(half, sketch, row));
        sum[row] += scalar[row];
        assertTrue(sum[row] <= all[row], "no more than the distance");
      }
    }
  }

  /** Stored sketches must stay readable: hashes of some as they were when the format was named. */
  @ParameterizedTest
  @CsvSource({"256, CE6BC2C6", "300, A71E0599", "511, D7CD8771", "700, 07710EC5", "2048, F771816B"})
  void sketchesDoNotChange(int width, String hash) {
    byte[] code = new byte[width];
    new Random(width).nextBytes(code);
    try (Arena arena = Arena.ofConfined()) {
      Segment segment = Segment.allocate(9, width, arena);
      for (int row = 0; row < 9; row++) {
        code[0] = (byte) row;
        segment.write(row, MemorySegment.ofArray(code), 0);
      }
      byte[] sketch =
          Objects.requireNonNull(segment.sketch()).memory().toArray(ValueLayout.JAVA_BYTE);
      assertEquals("HDR1", SketchPositions.NAME);
      assertEquals(Integer.parseUnsignedInt(hash, 16), Arrays.hashCode(sketch));
    }
  }

  private static MemorySegment random(Arena arena, long bytes, Random random) {
    byte[] values = new byte[(int) bytes];
    random.nextBytes(values);
    return arena.allocate(bytes, 64).copyFrom(MemorySegment.ofArray(values));
  }
}
