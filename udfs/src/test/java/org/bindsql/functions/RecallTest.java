package org.bindsql.functions;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.bindsql.cascade.BatchAnswers;
import org.bindsql.cascade.BatchSearch;
import org.bindsql.cascade.BlockMask;
import org.bindsql.cascade.CascadeBatch;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.ResidentSearch;
import org.bindsql.cascade.Segment;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Searches for less than all: what they find of the exact answer, and what they spare. */
class RecallTest {
  private static final long SEED = Long.getLong("tests.seed", 20261120L);
  private static final int ROWS = 6000;
  private static final int QUERIES = 30;

  private enum Data {
    UNIFORM,
    CLUSTERED,
    TEXT;

    List<byte[]> rows(Random random) {
      List<byte[]> rows = new ArrayList<>();
      byte[][] centres = new byte[20][];
      for (int i = 0; i < centres.length; i++) {
        centres[i] = uniform(random);
      }
      for (int i = 0; i < ROWS; i++) {
        rows.add(
            switch (this) {
              case UNIFORM -> uniform(random);
              case CLUSTERED ->
                  flip(centres[random.nextInt(20)], 0.02 + 0.28 * random.nextDouble(), random);
              case TEXT -> TextFingerprint.of(text(random));
            });
      }
      return rows;
    }

    byte[] query(List<byte[]> rows, Random random) {
      byte[] row = rows.get(random.nextInt(rows.size()));
      return switch (random.nextInt(3)) {
        case 0 -> this == TEXT ? TextFingerprint.of(text(random)) : uniform(random);
        case 1 -> flip(row, 0.05, random);
        default -> flip(row, 0.2, random);
      };
    }

    private static byte[] uniform(Random random) {
      byte[] code = new byte[2048];
      random.nextBytes(code);
      return code;
    }

    private static byte[] flip(byte[] code, double share, Random random) {
      byte[] flipped = code.clone();
      for (int i = 0; i < share * 16_384; i++) {
        int bit = random.nextInt(16_384);
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      }
      return flipped;
    }

    /** Names as of symbols in source code: words that repeat. */
    private static String text(Random random) {
      String[] words =
          ("open close read write batch column table index query plan cache lance segment sketch"
                  + " scan filter merge commit snapshot version")
              .split(" ");
      StringBuilder text = new StringBuilder();
      for (int i = 0, n = 2 + random.nextInt(4); i < n; i++) {
        text.append(words[random.nextInt(words.length)]).append(i % 2 == 0 ? " " : "_");
      }
      return text.append(random.nextInt(30)).toString();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "UNIFORM, 0.9",
    "UNIFORM, 0.999",
    "CLUSTERED, 0.5",
    "CLUSTERED, 0.9",
    "CLUSTERED, 0.9999",
    "TEXT, 0.9",
    "TEXT, 0.99"
  })
  void findsTheShareThatIsSet(Data data, double recall) {
    Random random = new Random(SEED);
    try (Arena arena = Arena.ofShared()) {
      List<byte[]> rows = data.rows(random);
      ResidentColumn column = column(rows, arena);
      long wanted = 0;
      long found = 0;
      for (int i = 0; i < QUERIES; i++) {
        byte[] query = data.query(rows, random);
        long k = i % 3 == 0 ? CascadeRequest.ALL_ROWS : 1 + random.nextInt(20);
        int radius = k == CascadeRequest.ALL_ROWS ? 4000 : CascadeRequest.NO_RADIUS;
        BlockMask mask = i % 2 == 0 ? BlockMask.ALL : BlockMask.SEMANTIC;
        CascadeResult truth = search(column, query, mask, k, radius, 1, arena, null);
        CascadeResult most = search(column, query, mask, k, radius, recall, arena, null);
        Set<Long> keys = new HashSet<>();
        for (long key : truth.rowKeys()) {
          keys.add(key);
        }
        wanted += keys.size();
        for (int j = 0; j < most.size(); j++) {
          found += keys.contains(most.rowKeys()[j]) ? 1 : 0;
        }
        assertTrue(k == CascadeRequest.ALL_ROWS || most.size() == truth.size());
      }
      assertTrue(
          found >= recall * wanted,
          data + " " + recall + ": found " + found + " of " + wanted + ", seed " + SEED);
    }
  }

  @ParameterizedTest
  @CsvSource({"UNIFORM, 0.99", "CLUSTERED, 0.9", "CLUSTERED, 0.9999", "TEXT, 0.9", "TEXT, 0.99"})
  void searchesForManyQueriesFindTheShareThatIsSet(Data data, double recall) {
    Random random = new Random(SEED);
    try (Arena arena = Arena.ofShared()) {
      List<byte[]> rows = data.rows(random);
      ResidentColumn column = column(rows, arena);
      MemorySegment queries = arena.allocate(QUERIES * CascadeBatch.stride(2048), 64);
      for (int i = 0; i < QUERIES; i++) {
        byte[] query = data.query(rows, random);
        MemorySegment.copy(query, 0, queries, ValueLayout.JAVA_BYTE, i * 2048L, 2048);
      }
      for (BlockMask mask : new BlockMask[] {BlockMask.ALL, BlockMask.SEMANTIC}) {
        for (long k : new long[] {1, 10, CascadeRequest.ALL_ROWS}) {
          BatchAnswers truth = searchAll(column, queries, mask, k, 1, arena);
          BatchAnswers most = searchAll(column, queries, mask, k, recall, arena);
          long wanted = 0;
          long found = 0;
          for (int i = 0; i < QUERIES; i++) {
            Set<Long> keys = new HashSet<>();
            for (long key : truth.apply(i).rowKeys()) {
              keys.add(key);
            }
            wanted += keys.size();
            CascadeResult answer = most.apply(i);
            for (int j = 0; j < answer.size(); j++) {
              found += keys.contains(answer.rowKeys()[j]) ? 1 : 0;
            }
            assertTrue(k == CascadeRequest.ALL_ROWS || answer.size() == k);
          }
          assertTrue(
              found >= recall * wanted,
              "%s %s: found %d of %d, seed %d".formatted(data, recall, found, wanted, SEED));
        }
      }
    }
  }

  private static BatchAnswers searchAll(
      ResidentColumn column,
      MemorySegment queries,
      BlockMask mask,
      long k,
      double recall,
      Arena arena) {
    boolean near = k != CascadeRequest.ALL_ROWS;
    CascadeBatch batch =
        new CascadeBatch(
            queries,
            QUERIES,
            2048,
            mask,
            k,
            near ? CascadeRequest.NO_RADIUS : 4000,
            near ? NullRows.LAST : NullRows.EXCLUDED,
            false,
            Long.MAX_VALUE,
            HammingKernel.get());
    BatchSearch search = new BatchSearch(batch, column.segments(), recall);
    search.run(2, arena.allocate(2 * CascadeBatch.scratchBytes(2048), 64), () -> {});
    return search.answers();
  }

  @Test
  void readsLittleWhereThereAreNeighboursAndLosesNothingWhereThereAreNone() {
    Random random = new Random(SEED);
    try (Arena arena = Arena.ofShared()) {
      List<byte[]> rows = Data.UNIFORM.rows(random);
      ResidentColumn column = column(rows, arena);
      long[] pruned = new long[1];
      byte[] near = Data.flip(rows.get(77), 0.05, random);
      CascadeResult one =
          search(column, near, BlockMask.ALL, 1, CascadeRequest.NO_RADIUS, 0.999, arena, pruned);
      assertEquals(77, one.rowKeys()[0]);
      assertTrue(pruned[0] > 0.9 * ROWS, "pruned " + pruned[0]);
      byte[] far = Data.uniform(random);
      CascadeResult exact =
          search(column, far, BlockMask.ALL, 10, CascadeRequest.NO_RADIUS, 1, arena, null);
      CascadeResult most =
          search(column, far, BlockMask.ALL, 10, CascadeRequest.NO_RADIUS, 0.999, arena, pruned);
      // The sketch cannot tell the rows apart: it rules out none, rather than any by chance.
      assertEquals(0, pruned[0]);
      assertArrayEquals(exact.rowKeys(), most.rowKeys());
    }
  }

  private static CascadeResult search(
      ResidentColumn column,
      byte[] query,
      BlockMask mask,
      long k,
      int radius,
      double recall,
      Arena arena,
      long @Nullable [] pruned) {
    MemorySegment memory = arena.allocate(2048).copyFrom(MemorySegment.ofArray(query));
    NullRows nulls = radius == CascadeRequest.NO_RADIUS ? NullRows.LAST : NullRows.EXCLUDED;
    ResidentSearch search =
        new ResidentSearch(
            new CascadeRequest(memory, mask, k, radius, nulls, recall),
            HammingKernel.get(),
            column,
            column.segments());
    CascadeResult result = search.run(2, () -> {});
    if (pruned != null) {
      pruned[0] = search.counters(ROWS).values().getOrDefault("pruned by sketch", 0L);
    }
    return result;
  }

  private static ResidentColumn column(List<byte[]> rows, Arena arena) {
    Segment segment = Segment.allocate(rows.size(), 2048, arena);
    for (int i = 0; i < rows.size(); i++) {
      segment.write(i, MemorySegment.ofArray(rows.get(i)), 0);
    }
    Selection all = Selection.range(0, rows.size());
    return ResidentColumn.of(2048, List.of(new ResidentColumn.Rows(segment, all, 0, null)));
  }
}
