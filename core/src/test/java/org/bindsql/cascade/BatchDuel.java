package org.bindsql.cascade;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.kernel.ScalarKernel;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/** One random batch of searches against computing all distances and sorting. */
final class BatchDuel {
  private static final int[] WIDTHS = {1, 8, 16, 63, 64, 100, 128, 256, 257, 512, 520, 1024, 2048};

  /** Bytes of fingerprints of the largest columns. */
  private static final int BYTES = 6 << 20;

  /** A row of the column; code is of no matter if it is NULL. */
  private record Row(byte[] code, boolean isNull, long key) {}

  /** A row found: distance is -1 for NULL. */
  private record Found(int distance, long key) {}

  private final Random random;
  private final String what;
  private final int width;
  private final List<Row> rows = new ArrayList<>();
  private final List<ResidentColumn.Rows> candidates = new ArrayList<>();
  private final List<byte[]> queries = new ArrayList<>();
  private final BlockMask mask;
  private final long k;
  private final int radius;
  private final NullRows nulls;

  private BatchDuel(long seed) {
    this.random = new Random(seed);
    this.width = WIDTHS[random.nextInt(WIDTHS.length)];
    this.mask =
        BlockMask.SEMANTIC.accepts(width) && random.nextBoolean()
            ? BlockMask.SEMANTIC
            : BlockMask.ALL;
    boolean hasRadius = random.nextInt(3) == 0;
    int bits = mask.bytes(width) * 8;
    this.radius =
        !hasRadius
            ? CascadeRequest.NO_RADIUS
            : switch (random.nextInt(4)) {
              case 0 -> random.nextInt(3) - 1;
              case 1 -> random.nextInt(bits + 2);
              default -> random.nextInt(Math.max(1, bits / 8));
            };
    this.k =
        switch (random.nextInt(8)) {
          case 0 -> hasRadius ? CascadeRequest.ALL_ROWS : 5000;
          case 1 -> 0;
          default -> 1 + random.nextInt(20);
        };
    this.nulls =
        hasRadius ? NullRows.EXCLUDED : NullRows.values()[random.nextInt(NullRows.values().length)];
    this.what =
        "seed %d, %d bytes, k %d, radius %d, nulls %s".formatted(seed, width, k, radius, nulls);
  }

  /** Runs one case; fails if an exact answer differs, or if k rows are not found. */
  static void run(long seed) {
    new BatchDuel(seed).run();
  }

  private void run() {
    try (Arena arena = Arena.ofShared()) {
      fill(arena);
      int count = random.nextInt(6) == 0 ? random.nextInt(40) : random.nextInt(10);
      for (int i = 0; i < count; i++) {
        queries.add(query());
      }
      double recall = random.nextInt(4) == 0 ? 0.9 : 1;
      HammingKernel kernel = random.nextBoolean() ? HammingKernel.get() : ScalarKernel.INSTANCE;
      int threads = 1 + random.nextInt(3);
      long stride = CascadeBatch.stride(width);
      MemorySegment memory = arena.allocate(Math.max(1, count * stride), 64);
      for (int i = 0; i < count; i++) {
        MemorySegment.copy(queries.get(i), 0, memory, ValueLayout.JAVA_BYTE, i * stride, width);
      }
      long scratch = CascadeBatch.scratchBytes(width);
      CascadeBatch batch =
          new CascadeBatch(
              memory, count, width, mask, k, radius, nulls, true, Long.MAX_VALUE, kernel);
      BatchAnswers answers;
      if (random.nextInt(4) == 0) {
        recall = 1;
        BatchWorker worker = batch.worker(arena.allocate(scratch, 64));
        candidates.forEach(some -> search(worker, some, arena));
        answers = batch.answers(List.of(worker));
      } else {
        BatchSearch search = new BatchSearch(batch, candidates, recall);
        search.run(threads, arena.allocate(threads * scratch, 64), () -> {});
        answers = search.answers();
        checkCounters(search.counters(rows.size()).values());
      }
      for (int i = -1; i < count; i++) {
        check(i, answers.apply(i), recall);
      }
    }
  }

  /** Offers rows as they stream by: row-major, in blocks. */
  private void search(BatchWorker worker, ResidentColumn.Rows some, Arena arena) {
    Segment segment = some.segment();
    MemorySegment memory = arena.allocate((long) segment.rows() * width);
    Codes sliced = segment.codes();
    for (int i = 0; i < segment.rows() && sliced != null; i++) {
      sliced.read(i, 0, width, memory, (long) i * width);
    }
    CodeBlock block =
        new CodeBlock(
            Codes.rowMajor(memory, width, segment.rows()),
            Batch.of(List.of(), segment.rows()).withSelection(some.rows()),
            segment.validity(),
            some.firstRowKey(),
            some.rowKeys());
    worker.search(block, BlockFilter.NONE);
  }

  private void checkCounters(Map<String, Long> counters) {
    if (k == 0 || radius < 0) {
      return;
    }
    long valid = rows.stream().filter(row -> !row.isNull).count();
    long accounted =
        counters.getOrDefault("pruned by sketch", 0L)
            + counters.getOrDefault("pruned by prefix", 0L)
            + counters.getOrDefault("exact", 0L);
    assertEquals(valid * queries.size(), accounted, what + counters);
  }

  private void check(int number, CascadeResult result, double recall) {
    List<Found> expected = expected(number);
    String all = what + ", query " + number + ", recall " + recall;
    if (recall == 1) {
      assertArrayEquals(expected.stream().mapToLong(Found::key).toArray(), result.rowKeys(), all);
      assertArrayEquals(
          expected.stream().mapToInt(Found::distance).toArray(), result.distances(), all);
      return;
    }
    if (radius == CascadeRequest.NO_RADIUS) {
      assertEquals(expected.size(), result.size(), all);
    }
    Set<Long> keys = new HashSet<>();
    for (int i = 0; i < result.size(); i++) {
      assertTrue(keys.add(result.rowKeys()[i]), "twice, " + all);
      Found found = new Found(result.distances()[i], result.rowKeys()[i]);
      assertTrue(
          found.distance == CascadeResult.NULL_DISTANCE
              || found.distance == distance(row(found.key), queries.get(number)),
          all);
    }
  }

  private Row row(long key) {
    return rows.stream().filter(row -> row.key == key).findFirst().orElseThrow();
  }

  private List<Found> expected(int number) {
    Comparator<Found> byDistance =
        nulls == NullRows.FIRST
            ? Comparator.comparingInt(Found::distance)
            : Comparator.comparingInt(row -> row.distance < 0 ? Integer.MAX_VALUE : row.distance);
    return rows.stream()
        .map(row -> new Found(number < 0 ? -1 : distance(row, queries.get(number)), row.key))
        .filter(row -> nulls != NullRows.EXCLUDED || row.distance >= 0)
        .filter(row -> row.distance <= radius)
        .sorted(byDistance.thenComparingLong(Found::key))
        .limit(k)
        .toList();
  }

  private int distance(Row row, byte[] query) {
    if (row.isNull) {
      return CascadeResult.NULL_DISTANCE;
    }
    int sum = 0;
    for (int i = 0; i < mask.bytes(width); i++) {
      sum += Integer.bitCount((row.code[i] ^ query[i]) & 0xFF);
    }
    return sum;
  }

  private byte[] query() {
    return switch (random.nextInt(3)) {
      case 0 -> bytes();
      case 1 -> rows.isEmpty() ? bytes() : rows.get(random.nextInt(rows.size())).code;
      default ->
          rows.isEmpty()
              ? bytes()
              : flip(rows.get(random.nextInt(rows.size())).code, random.nextInt(1 + width));
    };
  }

  private void fill(Arena arena) {
    int most = Math.min(20_000, BYTES / width);
    int left = random.nextInt(5) == 0 ? most : random.nextInt(Math.min(most, 2500));
    int nullPercent = random.nextInt(3) == 0 ? random.nextInt(101) : 0;
    int passPercent = random.nextBoolean() ? 100 : new int[] {0, 1, 20, 60}[random.nextInt(4)];
    byte[][] centres = new byte[1 + random.nextInt(5)][];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = bytes();
    }
    long key = random.nextInt(1000);
    while (left > 0) {
      int count = 1 + random.nextInt(left);
      left -= count;
      key = segment(arena, count, key, nullPercent, passPercent, centres);
    }
  }

  private long segment(
      Arena arena, int count, long firstKey, int nullPercent, int passPercent, byte[][] centres) {
    Segment segment = Segment.allocate(count, width, arena);
    MemorySegment validity = arena.allocate((count + 7) / 8).fill((byte) -1);
    int style = random.nextInt(3);
    boolean shuffled = random.nextBoolean();
    long[] keys = new long[count];
    int[] positions = new int[count];
    int passing = 0;
    for (int i = 0; i < count; i++) {
      // Keys need not ascend: rows of a segment may lie in any order.
      keys[i] = firstKey + (shuffled ? (i * 7919L + 13) % count * 2 : i);
      byte[] centre = centres[random.nextInt(centres.length)];
      byte[] code =
          switch (style) {
            case 0 -> bytes();
            case 1 -> flip(centre, random.nextInt(1 + width * 2));
            default -> flip(centre, random.nextInt(3));
          };
      segment.write(i, MemorySegment.ofArray(code), 0);
      boolean isNull = random.nextInt(100) < nullPercent;
      if (isNull) {
        byte bits = validity.get(ValueLayout.JAVA_BYTE, i / 8);
        validity.set(ValueLayout.JAVA_BYTE, i / 8, (byte) (bits & ~(1 << (i % 8))));
      }
      if (random.nextInt(100) < passPercent) {
        positions[passing++] = i;
        rows.add(new Row(code, isNull, keys[i]));
      }
    }
    boolean unique = !shuffled || count % 7919 != 0;
    assertTrue(unique, "keys repeat");
    candidates.add(
        new ResidentColumn.Rows(
            nullPercent == 0 ? segment : segment.withValidity(validity),
            passing == count ? Selection.range(0, count) : Selection.list(positions, passing),
            firstKey,
            shuffled ? keys : null));
    return firstKey + 2L * count;
  }

  private byte[] flip(byte[] code, int times) {
    byte[] flipped = code.clone();
    for (int i = 0; i < times; i++) {
      int bit = random.nextInt(width * 8);
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
    }
    return flipped;
  }

  private byte[] bytes() {
    byte[] bytes = new byte[width];
    random.nextBytes(bytes);
    return bytes;
  }
}
