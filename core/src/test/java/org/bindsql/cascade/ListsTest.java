package org.bindsql.cascade;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.kernel.HammingKernel;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Centres are found where there are some, and lists rule out rows, and never one too many. */
class ListsTest {
  private static final int WIDTH = 512;
  private static final int ROWS = 6000;

  private final SplittableRandom random = new SplittableRandom(20261120);
  private final Arena arena = Arena.ofShared();

  @AfterEach
  void free() {
    arena.close();
  }

  private byte[] uniform() {
    byte[] code = new byte[WIDTH];
    random.nextBytes(code);
    return code;
  }

  private byte[] near(byte[] centre, double share) {
    byte[] code = centre.clone();
    for (int bit = 0; bit < 8 * WIDTH; bit++) {
      if (random.nextDouble() < share) {
        code[bit / 8] ^= (byte) (1 << bit % 8);
      }
    }
    return code;
  }

  /** Members of 20 clusters, every tenth row uniform. */
  private byte[][] clustered() {
    byte[][] centres = IntStream.range(0, 20).mapToObj(i -> uniform()).toArray(byte[][]::new);
    return IntStream.range(0, ROWS)
        .mapToObj(i ->
            i % 10 == 9
                ? uniform()
                : near(centres[random.nextInt(20)], random.nextDouble(0.02, 0.3)))
        .toArray(byte[][]::new);
  }

  private Segment segment(byte[][] codes) {
    Segment segment = Segment.allocate(codes.length, WIDTH, arena);
    for (int i = 0; i < codes.length; i++) {
      segment.write(i, MemorySegment.ofArray(codes[i]), 0);
    }
    return segment;
  }

  private @Nullable Centres centres(Segment segment) {
    return CentreSearch.find(
        List.of(segment), Collections.singletonList(null), arena, HammingKernel.get(), () -> {});
  }

  private Segment listed(Segment segment, @Nullable MemorySegment there) {
    Centres centres = centres(segment);
    assertNotNull(centres);
    return new ListOrder(segment, there, centres, HammingKernel.get(), () -> {}).copy(arena);
  }

  @Test
  void thereAreAsManyCentresAsClusters() {
    Centres centres = centres(segment(clustered()));
    assertNotNull(centres);
    assertTrue(centres.count() >= 20 && centres.count() <= 22, centres.count() + " centres");
  }

  @Test
  void uniformRowsHaveNoCentres() {
    byte[][] codes = IntStream.range(0, ROWS).mapToObj(i -> uniform()).toArray(byte[][]::new);
    assertNull(centres(segment(codes)));
  }

  @Test
  void equalRowsHaveNoCentres() {
    byte[] code = uniform();
    assertNull(centres(segment(Collections.nCopies(ROWS, code).toArray(byte[][]::new))));
  }

  @Test
  void fewRowsHaveNoCentres() {
    for (int rows = 0; rows < 4; rows++) {
      byte[][] codes = IntStream.range(0, rows).mapToObj(i -> uniform()).toArray(byte[][]::new);
      assertNull(centres(segment(codes)));
    }
  }

  @Test
  void everyRowIsHeldOnceWithItsRadius() {
    byte[][] codes = clustered();
    MemorySegment there = arena.allocate((ROWS + 7) / 8).fill((byte) -1);
    there.set(ValueLayout.JAVA_BYTE, 3, (byte) 0); // rows 24 to 31
    Segment segment = listed(segment(codes), there);
    Lists lists = segment.lists();
    assertNotNull(lists);
    int[] rows = IntStream.range(0, ROWS).map(lists::row).toArray();
    Codes held = segment.codes();
    assertNotNull(held);
    for (int i = 0; i < ROWS; i++) {
      byte[] code = codes[rows[i]];
      assertArrayEquals(code, held.read(i));
      boolean none = rows[i] >= 24 && rows[i] < 32;
      assertEquals(none, lists.list(i) == lists.noList());
      assertEquals(none ? 0 : distance(code, lists.centres(), lists.list(i)), lists.radius(i));
    }
    Arrays.sort(rows);
    assertArrayEquals(IntStream.range(0, ROWS).toArray(), rows);
    int[] members = IntStream.range(0, ROWS).map(lists::member).toArray();
    Arrays.sort(members);
    assertArrayEquals(IntStream.range(0, ROWS).toArray(), members);
    assertEquals(ROWS, lists.firstMember(lists.noList() + 1));
  }

  private static int distance(byte[] code, Centres centres, int list) {
    byte[] centre = centres.codes().read(list);
    return IntStream.range(0, code.length)
        .map(i -> Integer.bitCount((code[i] ^ centre[i]) & 0xFF))
        .sum();
  }

  private CascadeRequest request(byte[] query, double recall) {
    MemorySegment memory = arena.allocate(WIDTH).copyFrom(MemorySegment.ofArray(query));
    return new CascadeRequest(
        memory, BlockMask.ALL, 10, CascadeRequest.NO_RADIUS, NullRows.LAST, recall);
  }

  private static List<ResidentColumn.Rows> rows(Segment segment, @Nullable Selection some) {
    Selection rows = some == null ? Selection.range(0, segment.rows()) : some;
    return List.of(new ResidentColumn.Rows(segment, rows, 0, null));
  }

  @Test
  void listsRuleOutMostRowsOfOtherClusters() {
    byte[][] codes = clustered();
    Segment plain = segment(codes);
    Segment listed = listed(plain, null);
    for (int i = 0; i < 20; i++) {
      byte[] query = near(codes[10 * i], 0.02);
      ResidentSearch truth = search(plain, null, request(query, 1));
      ResidentSearch search = search(listed, null, request(query, 1));
      CascadeResult expected = truth.run(1, () -> {});
      CascadeResult found = search.run(2, () -> {});
      assertArrayEquals(expected.rowKeys(), found.rowKeys());
      assertArrayEquals(expected.distances(), found.distances());
      Map<String, Long> counters = search.counters(ROWS).values();
      int tau = expected.distances()[9];
      if (tau < 0.2 * 8 * WIDTH) {
        assertTrue(counters.getOrDefault("pruned by lists", 0L) > ROWS / 2, counters.toString());
      }
    }
  }

  @Test
  void aRecallFindsThroughLists() {
    byte[][] codes = clustered();
    Segment plain = segment(codes);
    Segment listed = listed(plain, null);
    int found = 0;
    for (int i = 0; i < 20; i++) {
      byte[] query = near(codes[10 * i], 0.05);
      long[] truth = search(plain, null, request(query, 1)).run(1, () -> {}).rowKeys();
      long[] most = search(listed, null, request(query, 0.99)).run(1, () -> {}).rowKeys();
      assertEquals(truth.length, most.length);
      found += (int) Arrays.stream(truth).filter(key -> contains(most, key)).count();
    }
    assertTrue(found >= 190, found + " of 200");
  }

  private static boolean contains(long[] keys, long wanted) {
    return Arrays.stream(keys).anyMatch(key -> key == wanted);
  }

  private static ResidentSearch search(
      Segment segment, @Nullable Selection some, CascadeRequest request) {
    List<ResidentColumn.Rows> rows = rows(segment, some);
    return new ResidentSearch(request, HammingKernel.get(), ResidentColumn.of(WIDTH, rows), rows);
  }

  @Test
  void keysAreOfTheRowsWhateverTheOrder() {
    Segment listed = listed(segment(clustered()), null);
    List<ResidentColumn.Rows> all = rows(listed, null);
    RowKeys keys = new RowKeys();
    List<Long> wanted = new ArrayList<>();
    for (long key = 3; key < ROWS; key += 1 + random.nextInt(30)) {
      wanted.add(key);
    }
    CandidateBlock block =
        new CandidateBlock(
            org.bindsql.vector.Batch.of(List.of(), wanted.size()),
            0,
            wanted.stream().mapToLong(key -> key).toArray());
    keys.add(block, Selection.range(0, wanted.size()));
    ResidentColumn.Rows selected = keys.select(all).getFirst();
    List<Long> found = new ArrayList<>();
    for (int i = 0; i < selected.rows().count(); i++) {
      assertTrue(i == 0 || selected.rows().position(i - 1) < selected.rows().position(i));
      found.add(selected.rowKey(selected.rows().position(i)));
    }
    Collections.sort(found);
    assertEquals(wanted, found);
  }

  @Test
  void makingEndsWhenTheCheckpointSaysSo() {
    Segment segment = segment(clustered());
    Centres centres = centres(segment);
    assertNotNull(centres);
    Runnable stop =
        () -> {
          throw new CancellationException();
        };
    assertThrows(
        CancellationException.class,
        () ->
            CentreSearch.find(
                List.of(segment),
                Collections.singletonList(null),
                arena,
                HammingKernel.get(),
                stop));
    assertThrows(
        CancellationException.class,
        () -> new ListOrder(segment, null, centres, HammingKernel.get(), stop).copy(arena));
  }

  @Test
  void listsNeedFingerprints() {
    Segment listed = listed(segment(clustered()), null);
    assertThrows(IllegalArgumentException.class, listed::withoutCodes);
  }
}
