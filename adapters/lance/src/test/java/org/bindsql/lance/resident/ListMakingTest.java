package org.bindsql.lance.resident;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.Lance;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.CodeReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;

/** Columns in memory are put in the order of lists, and have the same rows before and after. */
class ListMakingTest {
  private static final int WIDTH = 512;
  private static final int ROWS = 4200;

  @TempDir Path folder;
  private Lance lance;

  /** Closing it fails if anything leaks. */
  @BeforeEach
  void open() {
    lance = new Lance(folder);
    lance.session.companion(
        ResidentColumns.class, allocator -> new ResidentColumns(allocator, 64 << 20, ROWS / 2));
  }

  @AfterEach
  void close() {
    lance.close();
  }

  private ResidentColumns memory() {
    return ResidentColumns.of(lance.session);
  }

  /** A member of one of five clusters; every tenth is in none. */
  private static byte[] clustered(int id) {
    byte[] code = uniform(id % 10 == 9 ? 1000 + id : id % 5);
    Random random = new Random(id);
    for (int i = random.nextInt(WIDTH); i > 0; i--) {
      code[random.nextInt(WIDTH)] ^= (byte) (1 << random.nextInt(8));
    }
    return code;
  }

  private static byte[] uniform(int seed) {
    byte[] code = new byte[WIDTH];
    new Random(seed * 31L).nextBytes(code);
    return code;
  }

  private void write(String name, Mode mode, boolean clusters, int from, int to) {
    BigIntVector id = new BigIntVector("id", lance.allocator);
    FixedSizeBinaryVector code = new FixedSizeBinaryVector("code", lance.allocator, WIDTH);
    for (int i = from; i < to; i++) {
      id.setSafe(i - from, i);
      if (i % 7 != 6) {
        code.setSafe(i - from, clusters ? clustered(i) : uniform(i));
      }
    }
    id.setValueCount(to - from);
    code.setValueCount(to - from);
    lance.write(
        name, mode, new Schema(List.of(id.getField(), code.getField())), to - from, id, code);
  }

  private void delete(String name, String condition) {
    try (Dataset dataset =
        Dataset.open()
            .allocator(lance.allocator)
            .uri(folder.resolve(name + ".lance").toString())
            .build()) {
      dataset.delete(condition);
    }
  }

  private CodeReader codes(String name) {
    LanceTable table = new LanceSchema(lance.schema.location(), lance.session).table(name);
    assertNotNull(table);
    ExecutionContext context =
        new ExecutionContext(
            lance.allocator,
            setting -> setting.equals(ExecutionContext.RECALL) ? 0.9 : null,
            new AtomicBoolean(),
            1024,
            2,
            null);
    return table.openCodes(1, new int[0], List.of(), context);
  }

  private static boolean isValid(@Nullable MemorySegment validity, int row) {
    return validity == null
        || (validity.get(ValueLayout.JAVA_BYTE, row >> 3) >> (row & 7) & 1) == 1;
  }

  /** Checks that memory has the rows of a scan; returns the number of segments in lists. */
  private static int check(CodeReader codes) {
    Map<Long, byte[]> expected = new TreeMap<>();
    for (CodeReader.Partition partition : codes.partitions()) {
      try (partition) {
        for (CodeBlock block = partition.next(); block != null; block = partition.next()) {
          for (int i = 0; i < block.columns().rowCount(); i++) {
            boolean valid = isValid(block.validity(), i);
            expected.put(block.rowKey(i), valid ? block.codes().read(i) : new byte[0]);
          }
        }
      }
    }
    try (ResidentColumn column = codes.resident()) {
      if (column == null) {
        return 0;
      }
      Map<Long, byte[]> held = new TreeMap<>();
      int listed = 0;
      for (ResidentColumn.Rows rows : column.segments()) {
        listed += rows.segment().lists() == null ? 0 : 1;
        Codes all = rows.segment().codes();
        for (int i = 0; i < rows.rows().count() && all != null; i++) {
          int position = rows.rows().position(i);
          boolean valid = isValid(rows.segment().validity(), position);
          byte[] code = valid ? all.read(position) : new byte[0];
          assertNull(held.put(rows.rowKey(position), code), "twice");
        }
        if (all == null) {
          return 0; // only sketches fit
        }
      }
      assertEquals(expected.keySet(), held.keySet());
      expected.forEach((key, code) -> assertArrayEquals(code, held.get(key), "row " + key));
      return listed;
    }
  }

  private int check(String name) {
    try (CodeReader codes = codes(name)) {
      return check(codes);
    }
  }

  private void await() {
    Instant end = Instant.now().plus(Duration.ofSeconds(60));
    while (memory().isMakingLists()) {
      assertTrue(Instant.now().isBefore(end), "lists take too long");
      Thread.onSpinWait();
    }
  }

  @Test
  void aColumnGetsListsAfterItsFirstSearch() {
    write("t", Mode.CREATE, true, 0, ROWS);
    assertEquals(0, check("t"));
    await();
    assertEquals(1, check("t"));
    assertEquals(1, memory().holdings().getFirst().segments(), "in place of the other");
    assertEquals(0, memory().holdings().getFirst().sketchBytes());
    long bytes = memory().holdings().getFirst().bytes();
    assertTrue(bytes < 1.15 * ROWS * WIDTH + (1 << 16), bytes + " bytes");
  }

  @Test
  void uniformAndSmallColumnsGetNone() {
    write("uniform", Mode.CREATE, false, 0, ROWS);
    write("small", Mode.CREATE, true, 0, ROWS / 2 - 1);
    for (int i = 0; i < 3; i++) {
      assertEquals(0, check("uniform"));
      assertEquals(0, check("small"));
      await();
    }
  }

  @Test
  void appendsAndDeletionsFindListedRows() {
    write("t", Mode.CREATE, true, 0, ROWS);
    delete("t", "id between 100 and 150 or id % 13 = 0");
    check("t");
    await();
    assertEquals(1, check("t"));
    write("t", Mode.APPEND, true, ROWS, ROWS + 100);
    assertEquals(1, check("t"), "few rows stay as they are");
    delete("t", "id % 3 = 0");
    assertEquals(1, check("t"), "a deletion only hides");
    write("t", Mode.APPEND, true, 2 * ROWS, 3 * ROWS);
    assertEquals(1, check("t"));
    await();
    assertEquals(2, check("t"), "with the centres that there are");
  }

  @Test
  void anOlderVersionThatHasMoreRowsReadsThem() {
    write("t", Mode.CREATE, true, 0, ROWS);
    try (CodeReader older = codes("t")) {
      delete("t", "id between 10 and 20");
      check("t");
      await();
      assertEquals(1, check("t"));
      assertEquals(0, check(older));
      check("t");
    }
  }

  @Test
  void aSearchKeepsWhatItUses() {
    write("t", Mode.CREATE, true, 0, ROWS);
    try (CodeReader codes = codes("t");
        ResidentColumn column = codes.resident()) {
      assertNotNull(column);
      await();
      assertEquals(1, check("t"));
      assertNull(column.segments().getFirst().segment().lists());
      Codes held = column.segments().getFirst().segment().codes();
      assertNotNull(held);
      assertArrayEquals(clustered(5), held.read(5));
    }
  }

  @Test
  void listsPushNothingOut() {
    write("t", Mode.CREATE, true, 0, ROWS);
    memory().resize(3L * ROWS * WIDTH / 2);
    for (int i = 0; i < 3; i++) {
      assertEquals(0, check("t"));
      await();
    }
  }

  @Test
  void droppedAndClosedWhileListsAreMade() {
    for (int i = 0; i < 4; i++) {
      write("t", Mode.CREATE, true, 0, ROWS);
      check("t");
      LanceTables.drop(lance.schema.location(), "t", lance.session);
    }
    await();
    assertEquals(List.of(), memory().holdings());
    write("t", Mode.CREATE, true, 0, ROWS);
    check("t"); // and closed by the test's end, in the middle of making
  }

  /** Searches beside writers, making, and a cache whose size changes. */
  @Test
  void searchesUnderPressureBesideWriters() throws Exception {
    write("a", Mode.CREATE, true, 0, ROWS);
    write("b", Mode.CREATE, true, 0, ROWS);
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      AtomicInteger listed = new AtomicInteger();
      List<Future<?>> searches = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        Random random = new Random(t);
        searches.add(
            threads.submit(() -> {
              while (!stop.get()) {
                listed.addAndGet(check(random.nextBoolean() ? "a" : "b"));
              }
              return null;
            }));
      }
      Random random = new Random(7);
      for (int i = 0; i < 8; i++) {
        String name = i % 2 == 0 ? "a" : "b";
        write(name, Mode.APPEND, true, 10_000 * (i + 1), 10_000 * (i + 1) + 2100);
        delete(name, "id % 17 = " + i);
        memory().resize(random.nextInt(2) == 0 ? 64 << 20 : 2 << 20);
      }
      memory().resize(64 << 20);
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (listed.get() == 0 && System.nanoTime() < end) {
        Thread.sleep(20);
      }
      stop.set(true);
      for (Future<?> search : searches) {
        search.get(60, TimeUnit.SECONDS);
      }
      assertTrue(listed.get() > 0, "no segment had lists");
    }
    await();
    long bytes = memory().holdings().stream().mapToLong(h -> h.bytes() + h.sketchBytes()).sum();
    assertTrue(bytes <= 64 << 20, bytes + " bytes");
  }
}
