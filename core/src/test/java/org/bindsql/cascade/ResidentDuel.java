package org.bindsql.cascade;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.kernel.ScalarKernel;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** One random search of a random resident column against computing all distances and sorting. */
final class ResidentDuel {
  private static final int[] WIDTHS = {
    8, 9, 12, 16, 24, 31, 32, 33, 63, 64, 100, 128, 255, 256, 257, 511, 512, 513, 1000, 1024, 2047,
    2048, 4096, 8191, 8192
  };

  /** Bytes of fingerprints of the largest columns. */
  private static final int BYTES = 6 << 20;

  /** A row of the reference: distance is -1 for NULL. */
  private record Row(int distance, long key) {}

  private final Random random;
  private final String what;
  private final int width;
  private final List<ResidentColumn.Rows> column = new ArrayList<>();
  private final List<ResidentColumn.Rows> candidates = new ArrayList<>();
  private final Map<Long, byte[]> cold = new HashMap<>();
  private final AtomicInteger fetches = new AtomicInteger();
  private final List<Row> reference = new ArrayList<>();

  /** Two sets of centres of lists, made with the first of them. */
  private final @Nullable Centres[] centres = new Centres[2];

  private ResidentDuel(long seed) {
    this.random = new Random(seed);
    this.what = "seed " + seed;
    this.width =
        random.nextInt(4) == 0 ? 1 + random.nextInt(8192) : WIDTHS[random.nextInt(WIDTHS.length)];
  }

  /** Runs one case; fails if answers differ. */
  static void run(long seed) {
    new ResidentDuel(seed).run();
  }

  private void run() {
    try (Arena arena = Arena.ofShared()) { // searches use threads of their own
      byte[] query = bytes(width);
      boolean nullQuery = random.nextInt(30) == 0;
      BlockMask mask =
          BlockMask.SEMANTIC.accepts(width) && random.nextBoolean()
              ? BlockMask.SEMANTIC
              : BlockMask.ALL;
      int rows = rowCount();
      fill(arena, rows, query, nullQuery, mask);
      CascadeRequest request = request(arena, nullQuery ? null : query, mask, rows);
      HammingKernel kernel = random.nextBoolean() ? HammingKernel.get() : ScalarKernel.INSTANCE;
      double[] shares = {0, HdrCascade.GATHER_BELOW, 1};
      ResidentSearch search =
          new ResidentSearch(
              request, kernel, resident(), candidates, shares[random.nextInt(shares.length)]);
      if (random.nextBoolean()) {
        boolean pays = search.prepare(1 + random.nextInt(3), () -> {});
        assertTrue(pays || !cold.isEmpty(), "what is in memory need not be fetched");
        if (!pays) {
          assertEquals(0, fetches.get(), "every fetch is closed");
          return;
        }
      }
      CascadeResult result = search.run(1 + random.nextInt(3), () -> {});
      List<Row> expected = expected(request);
      String all = what + ", " + width + " bytes, " + rows + " rows, " + request;
      assertArrayEquals(expected.stream().mapToLong(Row::key).toArray(), result.rowKeys(), all);
      assertArrayEquals(
          expected.stream().mapToInt(Row::distance).toArray(), result.distances(), all);
      assertEquals(0, fetches.get(), "every fetch is closed");
      checkCounters(search.counters(0).values(), request, all);
    }
  }

  private void checkCounters(Map<String, Long> counters, CascadeRequest request, String all) {
    long looked = candidates.stream().mapToLong(rows -> rows.rows().count()).sum();
    if (request.isEmpty()) {
      return;
    }
    long accounted =
        counters.getOrDefault("null fingerprints", 0L)
            + counters.getOrDefault("pruned by lists", 0L)
            + counters.getOrDefault("pruned by sketch", 0L)
            + counters.getOrDefault("pruned by slices", 0L)
            + counters.getOrDefault("exact", 0L);
    assertEquals(looked, accounted, all + counters);
  }

  private int rowCount() {
    int most = Math.min(20_000, BYTES / width);
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(3);
      case 1 -> most;
      default -> random.nextInt(Math.min(most, 3000));
    };
  }

  private CascadeRequest request(Arena arena, byte @Nullable [] query, BlockMask mask, int rows) {
    boolean hasRadius = random.nextInt(3) == 0;
    int bits = mask.bytes(width) * 8;
    int radius =
        !hasRadius
            ? CascadeRequest.NO_RADIUS
            : random.nextBoolean()
                ? random.nextInt(bits + 10) - 5
                : random.nextInt(Math.max(1, bits / 6));
    long k =
        switch (random.nextInt(8)) {
          case 0 -> CascadeRequest.ALL_ROWS;
          case 1 -> rows + random.nextInt(6);
          case 2 -> random.nextInt(2000);
          default -> random.nextInt(40);
        };
    NullRows nulls =
        hasRadius ? NullRows.EXCLUDED : NullRows.values()[random.nextInt(NullRows.values().length)];
    MemorySegment memory =
        query == null ? null : arena.allocate(width).copyFrom(MemorySegment.ofArray(query));
    return new CascadeRequest(memory, mask, k, radius, nulls, 1.0);
  }

  private void fill(Arena arena, int rows, byte[] query, boolean nullQuery, BlockMask mask) {
    int nullPercent = random.nextInt(3) == 0 ? random.nextInt(101) : 0;
    int livePercent = random.nextInt(3) == 0 ? random.nextInt(101) : 100;
    int passPercent =
        random.nextBoolean() ? 100 : new int[] {0, 1, 5, 20, 40, 90}[random.nextInt(6)];
    int coldPercent = random.nextInt(4) == 0 ? 50 : 0;
    byte[][] centres = new byte[1 + random.nextInt(5)][];
    for (int i = 0; i < centres.length; i++) {
      centres[i] = random.nextInt(3) == 0 ? query : bytes(width);
    }
    long key = random.nextInt(1000);
    for (int left = rows; left > 0; ) {
      int count = Math.min(Segment.MAX_ROWS, 1 + random.nextInt(left));
      left -= count;
      byte[][] codes = new byte[count][];
      boolean[] valid = new boolean[count];
      int style = random.nextInt(4);
      for (int i = 0; i < count; i++) {
        codes[i] = code(style, centres);
        valid[i] = random.nextInt(100) >= nullPercent;
      }
      key = segment(arena, codes, valid, key, livePercent, passPercent, coldPercent);
      ResidentColumn.Rows wanted = candidates.getLast();
      for (int i = 0; i < wanted.rows().count(); i++) {
        int position = wanted.rows().position(i);
        int row = wanted.segment().row(position);
        int distance =
            !valid[row] || nullQuery ? -1 : distance(codes[row], query, mask.bytes(width));
        reference.add(new Row(distance, wanted.rowKey(position)));
      }
    }
  }

  private long segment(
      Arena arena,
      byte[][] codes,
      boolean[] valid,
      long firstKey,
      int livePercent,
      int passPercent,
      int coldPercent) {
    int count = codes.length;
    Segment segment = Segment.allocate(count, width, arena);
    MemorySegment validity = null;
    for (int i = 0; i < count; i++) {
      segment.write(i, MemorySegment.ofArray(codes[i]), 0);
      if (!valid[i]) {
        validity = validity == null ? arena.allocate((count + 7) / 8).fill((byte) -1) : validity;
        byte bits = validity.get(ValueLayout.JAVA_BYTE, i / 8);
        validity.set(ValueLayout.JAVA_BYTE, i / 8, (byte) (bits & ~(1 << (i % 8))));
      }
    }
    segment = segment.withValidity(validity);
    Selection live = some(Selection.range(0, count), livePercent);
    long[] keys = null;
    long key = firstKey;
    if (random.nextBoolean()) {
      keys = new long[count];
      Arrays.fill(keys, -7);
      for (int i = 0; i < live.count(); i++) {
        keys[live.position(i)] = key;
        key += 1 + random.nextInt(3);
      }
    }
    if (random.nextInt(100) < coldPercent) {
      segment = segment.withoutCodes();
    } else if (Sketch.halves(width) > 0 && random.nextBoolean()) {
      segment = listed(arena, segment, live);
      live = positions(segment, live);
    }
    ResidentColumn.Rows all = new ResidentColumn.Rows(segment, live, firstKey, keys);
    column.add(all);
    Selection passing = some(live, passPercent);
    candidates.add(new ResidentColumn.Rows(segment, passing, firstKey, keys));
    for (int i = 0; i < live.count() && segment.codes() == null; i++) {
      cold.put(all.rowKey(live.position(i)), codes[live.position(i)]);
    }
    return keys == null ? firstKey + count + 5 : key + 5;
  }

  /** The segment in the order of lists, around one of two sets of centres. */
  private Segment listed(Arena arena, Segment segment, Selection live) {
    int set = random.nextInt(centres.length);
    Centres around = centres[set];
    if (around == null) {
      int count = 1 + random.nextInt(random.nextBoolean() ? 4 : 200);
      MemorySegment codes = arena.allocate((long) count * width, Segment.ALIGNMENT);
      Codes rows = Objects.requireNonNull(segment.codes());
      for (int i = 0; i < count; i++) {
        byte[] code = flip(rows.read(random.nextInt(segment.rows())), random.nextInt(1 + width));
        MemorySegment.copy(code, 0, codes, ValueLayout.JAVA_BYTE, (long) i * width, width);
      }
      around = new Centres(Codes.rowMajor(codes, width, count));
      centres[set] = around;
    }
    MemorySegment there = random.nextBoolean() ? null : arena.allocate((segment.rows() + 7) / 8);
    for (int i = 0; i < live.count() && there != null; i++) {
      int row = live.position(i);
      byte bits = there.get(ValueLayout.JAVA_BYTE, row / 8);
      there.set(ValueLayout.JAVA_BYTE, row / 8, (byte) (bits | 1 << row % 8));
    }
    return new ListOrder(segment, there, around, HammingKernel.get(), () -> {}).copy(arena);
  }

  /** Where the rows are that had these numbers. */
  private static Selection positions(Segment segment, Selection rows) {
    boolean[] wanted = new boolean[segment.rows()];
    for (int i = 0; i < rows.count(); i++) {
      wanted[rows.position(i)] = true;
    }
    int[] positions = new int[rows.count()];
    int count = 0;
    for (int i = 0; i < segment.rows(); i++) {
      if (wanted[segment.row(i)]) {
        positions[count++] = i;
      }
    }
    return rows.isRange() ? Selection.range(0, count) : Selection.list(positions, count);
  }

  private Selection some(Selection rows, int percent) {
    if (percent == 100) {
      return rows;
    }
    int[] positions = new int[rows.count()];
    int count = 0;
    for (int i = 0; i < rows.count(); i++) {
      if (random.nextInt(100) < percent) {
        positions[count++] = rows.position(i);
      }
    }
    return Selection.list(positions, count);
  }

  /** Random bytes, few bits set, members of clusters, or copies, which tie. */
  private byte[] code(int style, byte[][] centres) {
    byte[] centre = centres[random.nextInt(centres.length)];
    return switch (style) {
      case 0 -> bytes(width);
      case 1 -> flip(new byte[width], random.nextInt(1 + width / 2));
      case 2 -> flip(centre.clone(), random.nextInt(1 + width * 2));
      default -> flip(centre.clone(), random.nextInt(3));
    };
  }

  private byte[] flip(byte[] code, int times) {
    for (int i = 0; i < times; i++) {
      int bit = random.nextInt(width * 8);
      code[bit / 8] ^= (byte) (1 << (bit % 8));
    }
    return code;
  }

  private byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static int distance(byte[] a, byte[] b, int bytes) {
    int sum = 0;
    for (int i = 0; i < bytes; i++) {
      sum += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
    }
    return sum;
  }

  private List<Row> expected(CascadeRequest request) {
    Comparator<Row> byDistance =
        request.nulls() == NullRows.FIRST
            ? Comparator.comparingInt(Row::distance)
            : Comparator.comparingInt(row -> row.distance < 0 ? Integer.MAX_VALUE : row.distance);
    return reference.stream()
        .filter(row -> request.nulls() != NullRows.EXCLUDED || row.distance >= 0)
        .filter(row -> row.distance <= request.radius())
        .sorted(byDistance.thenComparingLong(Row::key))
        .limit(request.k())
        .toList();
  }

  private ResidentColumn resident() {
    return new ResidentColumn() {
      @Override
      public int width() {
        return width;
      }

      @Override
      public List<Rows> segments() {
        return column;
      }

      @Override
      public boolean isFiltered() {
        return false;
      }

      @Override
      public CodeFetch openFetch() {
        fetches.incrementAndGet();
        return new MapFetch();
      }

      @Override
      public void close() {}
    };
  }

  /** Reads the rows of segments without codes; owned by one thread. */
  private final class MapFetch implements CodeFetch {
    private final Arena arena = Arena.ofAuto();

    @Override
    public Codes fetch(long[] rowKeys, int count) {
      assertTrue(count > 0 && count <= MAX_ROWS);
      MemorySegment memory = arena.allocate((long) count * width);
      for (int i = 0; i < count; i++) {
        assertTrue(i == 0 || rowKeys[i - 1] < rowKeys[i], "row keys ascend");
        byte[] code = Objects.requireNonNull(cold.get(rowKeys[i]));
        MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, (long) i * width, width);
      }
      return Codes.rowMajor(memory, width, count);
    }

    @Override
    public void close() {
      fetches.decrementAndGet();
    }
  }
}
