package org.bindsql.cascade;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.error.BindSqlException;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.kernel.ScalarKernel;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Seeded random searches against sorting all rows. */
class HdrCascadeTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);
  private static final int[] WIDTHS = {1, 7, 8, 13, 32, 64, 100, 256, 513, 1000, 2048};

  /** A row of the reference: distance is -1 for NULL. */
  private record Row(int distance, long key) {}

  /** A case: everything that is random about it. */
  private record Case(
      int width, int rows, int nullPercent, int passPercent, long k, int radius, NullRows nulls) {}

  @Test
  void answersEqualSortingAllRows() {
    Random random = new Random(SEED);
    for (int i = 0; i < 1500; i++) {
      int width = WIDTHS[random.nextInt(WIDTHS.length)];
      int rows = random.nextInt(10) == 0 ? random.nextInt(3) : random.nextInt(3000);
      int radius =
          random.nextInt(3) == 0 ? random.nextInt(width * 8 + 10) - 5 : CascadeRequest.NO_RADIUS;
      NullRows nulls =
          radius != CascadeRequest.NO_RADIUS
              ? NullRows.EXCLUDED
              : NullRows.values()[random.nextInt(NullRows.values().length)];
      long k =
          switch (random.nextInt(6)) {
            case 0 -> 0;
            case 1 -> CascadeRequest.ALL_ROWS;
            case 2 -> rows + random.nextInt(6);
            default -> 1 + random.nextInt(40);
          };
      int[] percents = {0, 1, 10, 50, 100};
      Case test =
          new Case(
              width,
              rows,
              percents[random.nextInt(4)],
              percents[random.nextInt(percents.length)],
              k,
              radius,
              nulls);
      check(test, random.nextInt(4) == 0 ? BlockMask.SEMANTIC : BlockMask.ALL, random);
    }
  }

  private static void check(Case test, BlockMask wantedMask, Random random) {
    BlockMask mask = wantedMask.accepts(test.width) ? wantedMask : BlockMask.ALL;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment query = arena.allocate(test.width);
      randomBytes(query, random);
      boolean nullQuery = random.nextInt(20) == 0;
      CascadeRequest request =
          new CascadeRequest(nullQuery ? null : query, mask, test.k, test.radius, test.nulls, 1.0);
      HdrCascade cascade =
          new HdrCascade(request, HammingKernel.get(), random.nextInt(2) == 0 ? 0.35 : 1.0);
      List<CascadeWorker> workers = List.of(cascade.worker(), cascade.worker());
      List<Row> reference = new ArrayList<>();
      long key = random.nextInt(1000);
      int left = test.rows;
      List<CodeBlock> blocks = new ArrayList<>();
      List<BlockFilter> filters = new ArrayList<>();
      while (left > 0) {
        int count = 1 + random.nextInt(left);
        left -= count;
        CodeBlock block = block(arena, query, count, key, test, random);
        boolean[] passes = new boolean[count];
        for (int i = 0; i < count; i++) {
          passes[i] = random.nextInt(100) < test.passPercent;
        }
        for (int i = 0; i < count; i++) {
          if (passes[i] && isActive(block.columns().selection(), i)) {
            reference.add(
                new Row(distance(block, i, nullQuery ? null : query, mask), block.rowKey(i)));
          }
        }
        key = block.rowKey(count - 1) + 1 + random.nextInt(3);
        blocks.add(block);
        filters.add(test.passPercent == 100 ? BlockFilter.NONE : batch -> keep(batch, passes));
      }
      List<Integer> order = new ArrayList<>();
      for (int i = 0; i < blocks.size(); i++) {
        order.add(i);
      }
      java.util.Collections.shuffle(order, random);
      for (int i : order) {
        workers.get(random.nextInt(2)).search(blocks.get(i), filters.get(i));
      }
      CascadeResult result = cascade.merge(workers);
      List<Row> expected = expected(reference, test);
      String what = test + " seed " + SEED;
      assertArrayEquals(expected.stream().mapToLong(Row::key).toArray(), result.rowKeys(), what);
      assertArrayEquals(
          expected.stream().mapToInt(Row::distance).toArray(), result.distances(), what);
      CascadeResult byKey = HdrCascade.byRowKey(result);
      assertArrayEquals(
          expected.stream().mapToLong(Row::key).sorted().toArray(), byKey.rowKeys(), what);
      assertArrayEquals(
          expected.stream()
              .sorted(Comparator.comparingLong(Row::key))
              .mapToInt(Row::distance)
              .toArray(),
          byKey.distances(),
          what);
    }
  }

  private static List<Row> expected(List<Row> rows, Case test) {
    Comparator<Row> byDistance =
        test.nulls == NullRows.FIRST
            ? Comparator.comparingInt(Row::distance)
            : Comparator.comparingInt(row -> row.distance < 0 ? Integer.MAX_VALUE : row.distance);
    return rows.stream()
        .filter(row -> test.nulls != NullRows.EXCLUDED || row.distance >= 0)
        .filter(row -> row.distance <= test.radius)
        .sorted(byDistance.thenComparingLong(Row::key))
        .limit(test.k)
        .toList();
  }

  private static CodeBlock block(
      Arena arena, MemorySegment query, int count, long firstKey, Case test, Random random) {
    MemorySegment codes = arena.allocate((long) count * test.width);
    randomBytes(codes, random);
    for (int i = 0; i < count; i++) {
      if (random.nextInt(3) == 0) { // near rows, and with them ties
        MemorySegment code = codes.asSlice((long) i * test.width, test.width);
        code.copyFrom(query);
        int at = random.nextInt(test.width);
        code.set(ValueLayout.JAVA_BYTE, at, (byte) random.nextInt(256));
      }
    }
    MemorySegment validity = null;
    if (test.nullPercent > 0) {
      validity = arena.allocate((count + 7) / 8);
      for (int i = 0; i < count; i++) {
        if (random.nextInt(100) >= test.nullPercent) {
          byte bits = validity.get(ValueLayout.JAVA_BYTE, i / 8);
          validity.set(ValueLayout.JAVA_BYTE, i / 8, (byte) (bits | 1 << (i % 8)));
        }
      }
    }
    long[] keys = null;
    if (random.nextBoolean()) {
      keys = new long[count];
      long key = firstKey;
      for (int i = 0; i < count; i++) {
        keys[i] = key;
        key += 1 + random.nextInt(3);
      }
    }
    Batch columns = Batch.of(List.of(), count);
    if (random.nextInt(3) == 0) {
      boolean[] active = new boolean[count];
      for (int i = 0; i < count; i++) {
        active[i] = random.nextInt(3) > 0;
      }
      columns = columns.withSelection(keep(columns, active));
    } else if (random.nextInt(3) == 0) {
      columns = columns.withSelection(Selection.range(count / 3, count));
    }
    Codes rowMajor = Codes.rowMajor(codes, test.width, count);
    return new CodeBlock(
        random.nextBoolean() ? rowMajor : sliced(rowMajor, arena),
        columns,
        validity,
        firstKey,
        keys);
  }

  private static Codes sliced(Codes rowMajor, Arena arena) {
    int width = rowMajor.width();
    int rows = rowMajor.rows();
    Codes sliced = Codes.sliced(arena.allocate(Codes.slicedBytes(width, rows)), width, rows);
    for (int row = 0; row < rows; row++) {
      sliced.write(row, rowMajor.memory(), (long) row * width);
    }
    return sliced;
  }

  private static Selection keep(Batch batch, boolean[] passes) {
    Selection rows = batch.selection();
    int[] positions = new int[rows.count()];
    int kept = 0;
    for (int i = 0; i < rows.count(); i++) {
      if (passes[rows.position(i)]) {
        positions[kept++] = rows.position(i);
      }
    }
    return Selection.list(positions, kept);
  }

  private static boolean isActive(Selection rows, int position) {
    for (int i = 0; i < rows.count(); i++) {
      if (rows.position(i) == position) {
        return true;
      }
    }
    return false;
  }

  private static int distance(
      CodeBlock block, int row, @Nullable MemorySegment query, BlockMask mask) {
    MemorySegment validity = block.validity();
    if (query == null
        || (validity != null
            && (validity.get(ValueLayout.JAVA_BYTE, row / 8) >> (row % 8) & 1) == 0)) {
      return CascadeResult.NULL_DISTANCE;
    }
    int sum = 0;
    byte[] code = block.codes().read(row);
    for (int i = 0; i < (mask == BlockMask.SEMANTIC ? 1664 : code.length); i++) {
      int x = code[i];
      sum += Integer.bitCount((x ^ query.get(ValueLayout.JAVA_BYTE, i)) & 0xFF);
    }
    return sum;
  }

  private static void randomBytes(MemorySegment segment, Random random) {
    byte[] bytes = new byte[(int) segment.byteSize()];
    random.nextBytes(bytes);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
  }

  @Test
  void countersSayWhatWasRead() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment query = arena.allocate(2048);
      MemorySegment codes = arena.allocate(2048L * 1000);
      CascadeRequest request =
          new CascadeRequest(query, BlockMask.SEMANTIC, 10, Integer.MAX_VALUE, NullRows.LAST, 1.0);
      HdrCascade cascade = new HdrCascade(request, ScalarKernel.INSTANCE);
      CascadeWorker worker = cascade.worker();
      int[] sparse = {0, 500, 999};
      CodeBlock block =
          new CodeBlock(
              Codes.rowMajor(codes, 2048, 1000), Batch.of(List.of(), 1000), null, 0, null);
      worker.search(block, batch -> Selection.list(sparse, 3));
      var counters = HdrCascade.counters(List.of(worker)).values();
      assertEquals(1000L, counters.get("candidates"));
      assertEquals(997L, counters.get("rejected by predicate"));
      assertEquals(3L, counters.get("exact"));
      assertEquals(3L * 1664, counters.get("bytes read by exact"));
      assertEquals(0L, counters.get("read in passing"));
      int[] dense = {0, 1, 3};
      worker.search(block, batch -> Selection.list(dense, 3));
      // The row between is read too, though not wanted.
      counters = HdrCascade.counters(List.of(worker)).values();
      assertEquals(7L * 1664, counters.get("bytes read by exact"));
      assertEquals(6L, counters.get("exact"));
      assertEquals(1L, counters.get("read in passing"));
    }
  }

  @Test
  void zeroRowsAndZeroWantedReadNothing() {
    CascadeRequest none =
        new CascadeRequest(
            MemorySegment.NULL, BlockMask.ALL, 0, CascadeRequest.NO_RADIUS, NullRows.FIRST, 1.0);
    assertTrue(none.isEmpty());
    HdrCascade cascade = new HdrCascade(none, HammingKernel.get());
    CascadeWorker worker = cascade.worker();
    worker.search(
        new CodeBlock(
            Codes.rowMajor(MemorySegment.NULL, 8, 0), Batch.of(List.of(), 5), null, 0, null),
        BlockFilter.NONE);
    assertEquals(0, cascade.merge(List.of(worker)).size());
  }

  @Test
  void recallOutOfRangeIsRefused() {
    for (double recall : new double[] {0, 1.01, Double.NaN}) {
      BindSqlException e =
          assertThrows(
              BindSqlException.class,
              () -> new CascadeRequest(null, BlockMask.ALL, 1, 1, NullRows.EXCLUDED, recall));
      assertEquals(
          "hdr.recall: " + recall + " is not a share; expected above 0 and at most 1",
          e.getMessage());
    }
  }

  @Test
  void heapKeepsTheSmallestPairsAndGrows() {
    Random random = new Random(SEED);
    for (int k : new int[] {1, 2, 15, 16, 17, 100, 5000}) {
      TopKHeap heap = new TopKHeap(k);
      Row[] rows = new Row[1000];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = new Row(random.nextInt(50), random.nextInt(1_000_000));
        heap.offer(rows[i].distance, rows[i].key);
      }
      Arrays.sort(rows, Comparator.comparingInt(Row::distance).thenComparingLong(Row::key));
      int n = Math.min(k, rows.length);
      assertEquals(n, heap.size());
      int[] distances = new int[n];
      long[] keys = new long[n];
      heap.drain(distances, keys, 0);
      for (int i = 0; i < n; i++) {
        assertEquals(rows[i], new Row(distances[i], keys[i]), "seed " + SEED);
      }
    }
  }
}
