package org.bindsql.bindspace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.arrow.memory.RootAllocator;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Operations of a space through the Java API, with the behaviour that defects lack. */
class BindSpaceTest {
  private static final int CAUSES = Verb.CAUSES.address();
  private static final int PARENT_OF = Verb.PARENT_OF.address();

  private RootAllocator allocator = new RootAllocator();
  private BindSpace space = new BindSpace(allocator);
  private long now = 1000;

  @BeforeEach
  void open() {
    space.close();
    space = new BindSpace(allocator, () -> now);
  }

  @AfterEach
  void close() {
    space.close();
    allocator.close(); // fails if a byte is left
  }

  @Test
  void writePassesOverAddressesInUse() {
    space.batch(w -> w.insert(0x8001, Codes.filled(9), NodeValues.DEFAULT));
    List<Integer> written =
        space.write(w -> List.of(w.write(Codes.filled(1)), w.write(Codes.filled(2))));
    assertEquals(List.of(0x8000, 0x8002), written);
    assertArrayEquals(Codes.filled(9), read(0x8001).fingerprint());
  }

  @Test
  void writeFailsWhenTheZoneIsFullAndFindsTheOneFreedAddress() {
    space.batch(w -> {
      byte[] code = Codes.filled(1);
      for (int i = 0; i < 32768; i++) {
        w.write(code);
      }
    });
    assertFails(ErrorCode.LIMIT_REACHED, () -> space.write(w -> w.write(Codes.filled(2))));
    space.batch(w -> assertTrue(w.delete(0x9ABC)));
    assertEquals(0x9ABC, space.<Integer>write(w -> w.write(Codes.filled(3))));
    try (Snapshot snapshot = space.snapshot()) {
      assertEquals(32768, snapshot.size(Zone.NODE));
    }
  }

  @Test
  void writeAtKeepsEverythingElse() {
    NodeValues values = new NodeValues("a", 7, 5, new byte[] {1}, 300, 4, 200, true);
    space.batch(w -> w.insert(0x1000, Codes.filled(1), values));
    now = 2000;
    space.batch(w -> w.writeAt(0x1000, Codes.filled(2)));
    BindNode node = read(0x1000);
    assertArrayEquals(Codes.filled(2), node.fingerprint());
    assertEquals("a", node.values().label());
    assertEquals(300, node.values().contextId());
    assertEquals(200, node.values().sigma());
    assertEquals(2000, node.updatedAt());
  }

  @Test
  void replaceDropsTheOldValues() {
    space.batch(w -> w.insert(0x1000, Codes.filled(1), NodeValues.labeled("a").withQidx(255)));
    space.batch(w -> w.replace(0x1000, Codes.filled(2), NodeValues.labeled("b")));
    assertEquals("b", read(0x1000).values().label());
    assertEquals(0, read(0x1000).values().qidx());
  }

  @Test
  void readHasNoSideEffectAndTouchSaturates() {
    NodeValues values = NodeValues.DEFAULT.withAccessCount(NodeValues.MAX_ACCESS_COUNT - 1);
    int addr = space.write(w -> w.write(Zone.FLUID, Codes.filled(1), values));
    now = 3000;
    read(addr);
    assertEquals(1000, read(addr).updatedAt());
    space.batch(w -> w.touch(addr));
    space.batch(w -> w.touch(addr));
    assertEquals(NodeValues.MAX_ACCESS_COUNT, read(addr).values().accessCount());
    assertEquals(3000, read(addr).updatedAt());
  }

  @Test
  void surfaceHoldsTheVocabularyAndPrefixesTo0BAreReadOnly() {
    try (Snapshot snapshot = space.snapshot()) {
      assertEquals("CAUSES", snapshot.label(0x0700));
      assertEquals("PREV_SIBLING", snapshot.label(0x0727));
      assertNull(snapshot.read(0x071C));
      assertEquals("GQL", snapshot.label(0x0280));
      assertEquals(11 + 3 + 36, snapshot.size(Zone.SURFACE));
      assertFalse(snapshot.isDirty(0x0700));
    }
    assertFails(ErrorCode.READ_ONLY, () -> space.batch(w -> w.writeAt(0x0BFF, Codes.filled(1))));
    assertFails(ErrorCode.READ_ONLY, () -> space.batch(w -> w.update(0x0700, NodeValues.DEFAULT)));
    assertEquals(
        0x0C00,
        space.<Integer>write(w -> w.write(Zone.SURFACE, Codes.filled(1), NodeValues.DEFAULT)));
    assertFails(ErrorCode.READ_ONLY, () -> space.batch(w -> w.delete(0x0C00)));
    assertFails(ErrorCode.READ_ONLY, () -> space.batch(w -> w.delete(0x0700)));
  }

  @Test
  void failedBatchChangesNothing() {
    int first = space.write(w -> w.writeLabeled(Codes.filled(1), "kept"));
    try (Snapshot before = space.snapshot()) {
      assertFails(
          ErrorCode.DUPLICATE_KEY,
          () ->
              space.batch(w -> {
                w.writeAt(first, Codes.filled(7));
                w.writeLabeled(Codes.filled(2), "lost");
                w.link(first, CAUSES, first, 1);
                w.writeDnPath("a:b", Codes.filled(3), 0);
                w.insert(first, Codes.filled(4), NodeValues.DEFAULT);
              }));
      try (Snapshot after = space.snapshot()) {
        assertEquals(before.epoch(), after.epoch());
        assertEquals(before.size(), after.size());
        assertEquals(0, after.edgeCount());
        assertEquals(-1, after.find("a"));
        assertArrayEquals(Codes.filled(1), after.fingerprint(first));
      }
    }
    // The slot that the failed batch wrote in place is still good for use.
    int second = space.write(w -> w.write(Codes.filled(5)));
    assertEquals(first + 1, second);
    assertArrayEquals(Codes.filled(5), read(second).fingerprint());
  }

  @Test
  void snapshotIsUnaffectedByLaterWrites() {
    int addr = space.write(w -> w.writeLabeled(Codes.filled(1), "old"));
    try (Snapshot old = space.snapshot()) {
      space.batch(w -> w.writeAt(addr, Codes.filled(2)));
      space.batch(w -> w.delete(addr));
      space.batch(w -> w.insert(addr, Codes.filled(3), NodeValues.labeled("new")));
      assertArrayEquals(Codes.filled(1), old.fingerprint(addr));
      assertEquals("old", old.label(addr));
    }
    assertArrayEquals(Codes.filled(3), read(addr).fingerprint());
  }

  @Test
  void memoryOfOldImagesIsFreedWithTheirLastSnapshot() {
    int addr = space.write(w -> w.write(Codes.filled(1)));
    long one = allocator.getAllocatedMemory();
    Snapshot old = space.snapshot();
    space.batch(w -> w.writeAt(addr, Codes.filled(2)));
    assertEquals(one + CodeBuffer.BYTES, allocator.getAllocatedMemory());
    old.close();
    old.close(); // twice is once
    assertEquals(one, allocator.getAllocatedMemory());
  }

  @Test
  void newSlotsDoNotCopyFingerprintsThatASnapshotSees() {
    space.batch(w -> w.write(Codes.filled(1)));
    long one = allocator.getAllocatedMemory();
    try (Snapshot old = space.snapshot()) {
      int second = space.write(w -> w.write(Codes.filled(2)));
      assertEquals(one, allocator.getAllocatedMemory());
      assertFalse(old.contains(second));
    }
  }

  @Test
  void closedSpaceFreesItsMemoryWithTheLastSnapshot() {
    space.batch(w -> w.write(Codes.filled(1)));
    Snapshot snapshot = space.snapshot();
    space.close();
    assertThrows(IllegalStateException.class, space::snapshot);
    assertThrows(IllegalStateException.class, () -> space.batch(w -> w.write(Codes.filled(1))));
    assertArrayEquals(Codes.filled(1), snapshot.fingerprint(0x8000));
    assertNotEquals(0, allocator.getAllocatedMemory());
    snapshot.close();
    assertEquals(0, allocator.getAllocatedMemory());
  }

  @Test
  void linkIsAnUpsertAndNeedsItsEnds() {
    space.batch(w -> {
      int a = w.write(Codes.filled(1));
      int b = w.write(Codes.filled(2));
      w.link(a, CAUSES, b, 1);
      w.link(a, CAUSES, b, 0.5f);
    });
    try (Snapshot snapshot = space.snapshot()) {
      assertEquals(List.of(new Edge(0x8000, CAUSES, 0x8001, 0.5f)), snapshot.edgesFrom(0x8000));
      assertEquals(snapshot.edgesFrom(0x8000), snapshot.edgesTo(0x8001));
      assertEquals(1, snapshot.edgeCount());
    }
    for (int[] edge :
        new int[][] {
          {0x8000, CAUSES, 0x8002}, {0x8002, CAUSES, 0x8000}, {0x8000, 0x07FF, 0x8001}
        }) {
      assertFails(
          ErrorCode.BAD_ARGUMENT, () -> space.batch(w -> w.link(edge[0], edge[1], edge[2], 1)));
    }
    assertFails(
        ErrorCode.BAD_ARGUMENT, () -> space.batch(w -> w.link(0x8000, CAUSES, 0x8001, Float.NaN)));
  }

  @Test
  void linkUnlinkAndDeleteMarkDirty() {
    space.batch(w -> {
      w.write(Codes.filled(1));
      w.write(Codes.filled(2));
    });
    markAllClean(0x8000, 0x8001);
    space.batch(w -> w.link(0x8000, CAUSES, 0x8001, 1));
    assertDirty(0x8000);
    space.batch(w -> assertTrue(w.unlink(0x8000, CAUSES, 0x8001)));
    assertDirty(0x8000);
    space.batch(w -> assertFalse(w.unlink(0x8000, CAUSES, 0x8001)));
    space.batch(w -> w.delete(0x8001));
    assertDirty(0x8001);
  }

  @Test
  void markCleanLosesToAConcurrentChange() {
    int addr = space.write(w -> w.write(Codes.filled(1)));
    long seen;
    try (Snapshot snapshot = space.snapshot()) {
      seen = snapshot.generation(addr);
    }
    space.batch(w -> w.touch(addr));
    space.batch(w -> assertFalse(w.markClean(addr, seen)));
    try (Snapshot snapshot = space.snapshot()) {
      assertTrue(snapshot.isDirty(addr));
    }
  }

  @Test
  void deleteRemovesEdgesInBothDirectionsAndThoseItIsTheVerbOf() {
    space.batch(w -> {
      for (int i = 0; i < 4; i++) {
        w.write(Codes.filled(i));
      }
      w.link(0x8000, CAUSES, 0x8001, 1);
      w.link(0x8001, CAUSES, 0x8000, 1);
      w.link(0x8001, CAUSES, 0x8001, 1);
      w.link(0x8002, 0x8001, 0x8003, 1);
      w.link(0x8002, CAUSES, 0x8003, 1);
    });
    space.batch(w -> assertTrue(w.delete(0x8001)));
    try (Snapshot snapshot = space.snapshot()) {
      assertEquals(1, snapshot.edgeCount());
      assertEquals(List.of(), snapshot.edgesTo(0x8000));
      assertEquals(List.of(new Edge(0x8002, CAUSES, 0x8003, 1)), snapshot.edgesFrom(0x8002));
    }
    space.batch(w -> assertFalse(w.delete(0x8001)));
  }

  @Test
  void traversalsFollowOneVerb() {
    space.batch(w -> {
      for (int i = 0; i < 5; i++) {
        w.write(Codes.filled(i));
      }
      w.link(0x8000, CAUSES, 0x8002, 1);
      w.link(0x8000, CAUSES, 0x8001, 1);
      w.link(0x8000, Verb.ENABLES.address(), 0x8004, 1);
      w.link(0x8001, CAUSES, 0x8003, 1);
      w.link(0x8003, CAUSES, 0x8000, 1);
    });
    try (Snapshot snapshot = space.snapshot()) {
      assertArrayEquals(new int[] {0x8001, 0x8002}, snapshot.traverse(0x8000, CAUSES));
      assertArrayEquals(new int[] {0x8003}, snapshot.reverse(0x8000, CAUSES));
      assertEquals(
          List.of(new Hop(1, 0x8001), new Hop(1, 0x8002), new Hop(2, 0x8003)),
          snapshot.nHops(0x8000, CAUSES, 9));
      assertEquals(List.of(), snapshot.nHops(0x8000, CAUSES, 0));
    }
    assertFails(
        ErrorCode.BAD_ARGUMENT,
        () -> {
          try (Snapshot snapshot = space.snapshot()) {
            snapshot.nHops(0x8000, CAUSES, -1);
          }
        });
  }

  @Test
  void dnPathCreatesAncestorsAndOverwritesInPlace() {
    int leaf = space.write(w -> w.writeDnPath("bindspace://java:lang:String", Codes.filled(1), 3));
    try (Snapshot snapshot = space.snapshot()) {
      int lang = snapshot.find("java:lang");
      int java = snapshot.find("java");
      assertArrayEquals(new int[] {lang, java}, snapshot.ancestors(leaf));
      assertEquals("String", snapshot.label(leaf));
      assertArrayEquals(Vocabulary.codeOf("lang"), snapshot.fingerprint(lang));
      assertArrayEquals(new int[] {leaf}, snapshot.traverse(lang, PARENT_OF));
      assertEquals(2, notNull(snapshot.read(leaf)).depth());
    }
    int again = space.write(w -> w.writeDnPath("java:lang:String", Codes.filled(2), 4));
    assertEquals(leaf, again);
    assertArrayEquals(Codes.filled(2), read(leaf).fingerprint());
    assertEquals(4, read(leaf).values().rung());
    for (String bad : new String[] {"", ":", "a:", ":a", "a::b", "hdr://"}) {
      assertFails(
          ErrorCode.BAD_TEXT, () -> space.batch(w -> w.writeDnPath(bad, Codes.filled(1), 0)));
    }
  }

  @Test
  void collidingDnPathsGetAddressesOfTheirOwn() {
    // 2,000 paths over 32,768 proposals: about 60 of them collide.
    space.batch(w -> {
      for (int i = 0; i < 2000; i++) {
        w.writeDnPath("root:n" + i, Codes.filled(i), 0);
      }
    });
    try (Snapshot snapshot = space.snapshot()) {
      assertEquals(2001, snapshot.size(Zone.NODE));
      long collisions = 0;
      for (int i = 0; i < 2000; i++) {
        int addr = snapshot.find("root:n" + i);
        assertArrayEquals(Codes.filled(i), snapshot.fingerprint(addr));
        assertEquals("root:n" + i, notNull(snapshot.read(addr)).dnPath());
        collisions += addr == Directory.propose("root:n" + i) ? 0 : 1;
      }
      assertTrue(collisions > 0);
      assertEquals(2000, snapshot.children(snapshot.find("root")).length);
    }
  }

  @Test
  void deletedAncestorComesBackWithItsChildren() {
    space.batch(w -> w.writeDnPath("a:b:c", Codes.filled(1), 0));
    space.batch(w -> w.delete(w.find("a:b")));
    try (Snapshot snapshot = space.snapshot()) {
      assertEquals(-1, snapshot.find("a:b"));
      assertEquals(0, snapshot.ancestors(snapshot.find("a:b:c")).length);
      assertEquals(0, notNull(snapshot.read(snapshot.find("a:b:c"))).depth());
    }
    space.batch(w -> w.writeDnPath("a:b", Codes.filled(2), 0));
    try (Snapshot snapshot = space.snapshot()) {
      assertArrayEquals(
          new int[] {snapshot.find("a:b"), snapshot.find("a")},
          snapshot.ancestors(snapshot.find("a:b:c")));
      assertEquals(2, notNull(snapshot.read(snapshot.find("a:b:c"))).depth());
    }
  }

  @Test
  void newChildBecomesTheFirstAndRemovalRelinks() {
    space.batch(w -> {
      for (int i = 0; i < 4; i++) {
        w.write(Codes.filled(i));
      }
      w.setParent(0x8001, 0x8000);
      w.setParent(0x8002, 0x8000);
      w.setParent(0x8003, 0x8000);
    });
    try (Snapshot snapshot = space.snapshot()) {
      assertArrayEquals(new int[] {0x8003, 0x8002, 0x8001}, snapshot.children(0x8000));
      assertArrayEquals(new int[] {0x8003, 0x8001}, snapshot.siblings(0x8002));
    }
    space.batch(w -> w.delete(0x8002));
    assertEquals(0x8001, read(0x8003).nextSibling());
    assertEquals(0x8003, read(0x8001).prevSibling());
    space.batch(w -> w.setParent(0x8003, -1));
    assertEquals(0x8001, read(0x8000).firstChild());
    assertEquals(-1, read(0x8001).prevSibling());
    assertEquals(-1, read(0x8003).nextSibling());
    assertFails(ErrorCode.BAD_ARGUMENT, () -> space.batch(w -> w.setParent(0x8000, 0x8001)));
    assertFails(ErrorCode.BAD_ARGUMENT, () -> space.batch(w -> w.setParent(0x8000, 0x8000)));
    assertEquals(-1, read(0x8000).parent());
  }

  @Test
  void depthStopsAt255AndFollowsMoves() {
    space.batch(w -> {
      for (int i = 0; i < 300; i++) {
        w.write(Codes.filled(1));
        if (i > 0) {
          w.setParent(0x8000 + i, 0x8000 + i - 1);
        }
      }
    });
    assertEquals(254, read(0x8000 + 254).depth());
    assertEquals(255, read(0x8000 + 299).depth());
    try (Snapshot snapshot = space.snapshot()) {
      assertEquals(255, snapshot.ancestors(0x8000 + 299).length);
    }
    space.batch(w -> w.setParent(0x8000 + 250, -1));
    assertEquals(0, read(0x8000 + 250).depth());
    assertEquals(49, read(0x8000 + 299).depth());
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertFails(ErrorCode.OUT_OF_RANGE, () -> NodeValues.DEFAULT.withRung(10));
    assertFails(ErrorCode.OUT_OF_RANGE, () -> NodeValues.DEFAULT.withQidx(256));
    assertFails(ErrorCode.OUT_OF_RANGE, () -> NodeValues.DEFAULT.withContextId(-1));
    assertFails(ErrorCode.OUT_OF_RANGE, () -> NodeValues.DEFAULT.withAccessCount(1L << 32));
    assertFails(ErrorCode.OUT_OF_RANGE, () -> space.batch(w -> w.writeAt(65536, Codes.filled(1))));
    assertFails(ErrorCode.BAD_ARGUMENT, () -> space.batch(w -> w.write(new byte[2047])));
  }

  @Test
  void writerStatementsDoNotNest() {
    assertThrows(
        IllegalStateException.class,
        () -> space.batch(w -> space.batch(inner -> inner.write(Codes.filled(1)))));
  }

  private BindNode read(int addr) {
    try (Snapshot snapshot = space.snapshot()) {
      return notNull(snapshot.read(addr));
    }
  }

  private void assertDirty(int addr) {
    try (Snapshot snapshot = space.snapshot()) {
      assertTrue(snapshot.isDirty(addr));
    }
    markAllClean(addr);
  }

  private void markAllClean(int... addresses) {
    space.batch(w -> {
      for (int addr : addresses) {
        assertTrue(w.markClean(addr, w.generation(addr)));
        assertFalse(w.isDirty(addr));
      }
    });
  }

  private static <T> T notNull(@Nullable T value) {
    assertNotNull(value);
    return java.util.Objects.requireNonNull(value);
  }

  private static void assertFails(ErrorCode code, org.junit.jupiter.api.function.Executable run) {
    BindSqlException failure = assertThrows(BindSqlException.class, run);
    assertEquals(code, failure.code(), failure.getMessage());
  }
}
