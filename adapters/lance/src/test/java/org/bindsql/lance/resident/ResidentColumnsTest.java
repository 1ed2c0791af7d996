package org.bindsql.lance.resident;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
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
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.CodeFetch;
import org.bindsql.cascade.Codes;
import org.bindsql.cascade.ResidentColumn;
import org.bindsql.cascade.Segment;
import org.bindsql.cascade.Sketch;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.Lance;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.CodeReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;

/** What is in memory of a column is what a scan of the version reads, row for row. */
class ResidentColumnsTest {
  private static final int WIDTH = 512;

  @TempDir Path folder;
  private Lance lance;

  @BeforeEach
  void open() {
    lance = new Lance(folder);
  }

  @AfterEach
  void close() {
    lance.close();
  }

  private ResidentColumns memory() {
    return ResidentColumns.of(lance.session);
  }

  private static byte[] code(int id, int width) {
    byte[] code = new byte[width];
    new Random(id).nextBytes(code);
    return code;
  }

  private void write(String name, Mode mode, int width, int from, int to) {
    BigIntVector id = new BigIntVector("id", lance.allocator);
    FixedSizeBinaryVector code = new FixedSizeBinaryVector("code", lance.allocator, width);
    for (int i = from; i < to; i++) {
      id.setSafe(i - from, i);
      if (i % 7 != 6) {
        code.setSafe(i - from, code(i, width));
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

  private ExecutionContext context(int batchSize, int threads, boolean cancelled) {
    return new ExecutionContext(
        lance.allocator,
        name -> name.equals(ExecutionContext.RECALL) ? 0.9 : null,
        new AtomicBoolean(cancelled),
        batchSize,
        threads,
        null);
  }

  private CodeReader codes(String name, ExecutionContext context) {
    return lance.table(name).openCodes(1, new int[0], List.of(), context);
  }

  /** Row key to fingerprint (an empty array for NULL), as a scan reads them. */
  private static Map<Long, byte[]> scanned(CodeReader codes) {
    Map<Long, byte[]> rows = new TreeMap<>();
    for (CodeReader.Partition partition : codes.partitions()) {
      try (partition) {
        for (CodeBlock block = partition.next(); block != null; block = partition.next()) {
          for (int i = 0; i < block.columns().rowCount(); i++) {
            rows.put(
                block.rowKey(i),
                isValid(block.validity(), i) ? block.codes().read(i) : new byte[0]);
          }
        }
      }
    }
    return rows;
  }

  private static boolean isValid(@Nullable MemorySegment validity, int row) {
    return validity == null
        || (validity.get(ValueLayout.JAVA_BYTE, row >> 3) >> (row & 7) & 1) == 1;
  }

  /** The same as what is in memory has it; of a column of sketches, taken row by row. */
  private static Map<Long, byte[]> held(ResidentColumn column) {
    Map<Long, byte[]> rows = new TreeMap<>();
    for (ResidentColumn.Rows rowsOf : column.segments()) {
      Segment segment = rowsOf.segment();
      for (int i = 0; i < rowsOf.rows().count(); i++) {
        int row = rowsOf.rows().position(i);
        byte[] code = new byte[0];
        if (isValid(segment.validity(), row)) {
          Codes codes = segment.codes();
          code = codes == null ? fetched(column, rowsOf.rowKey(row)) : codes.read(row);
          assertSketch(segment, row, code);
        }
        assertNull(rows.put(rowsOf.rowKey(row), code), "twice");
      }
    }
    return rows;
  }

  private static byte[] fetched(ResidentColumn column, long key) {
    try (CodeFetch fetch = column.openFetch()) {
      return fetch.fetch(new long[] {key}, 1).read(0);
    }
  }

  /** The sketch of the row is the one that the row's fingerprint has. */
  private static void assertSketch(Segment segment, int row, byte[] code) {
    Sketch sketch = segment.sketch();
    if (sketch == null) {
      return;
    }
    byte[] memory = new byte[(int) Sketch.bytes(code.length, 8)];
    Sketch expected = new Sketch(MemorySegment.ofArray(memory), code.length, 8);
    expected.write(row % 8, MemorySegment.ofArray(code), 0);
    for (int half = 0; half < sketch.halves(); half++) {
      for (int word = 0; word < 4; word++) {
        long within = (word * 8L + row % 8) * 8;
        assertEquals(
            expected
                .memory()
                .get(ValueLayout.JAVA_LONG_UNALIGNED, expected.blockOffset(half, 0) + within),
            sketch
                .memory()
                .get(ValueLayout.JAVA_LONG_UNALIGNED, sketch.blockOffset(half, row) + within));
      }
    }
  }

  private static void assertRows(Map<Long, byte[]> expected, Map<Long, byte[]> actual) {
    assertEquals(expected.keySet(), actual.keySet());
    expected.forEach((key, code) -> assertArrayEquals(code, actual.get(key), "row " + key));
  }

  /** Compares memory with a scan; returns the number of rows. */
  private int check(String name) {
    try (CodeReader codes = codes(name, context(1000, 2, false));
        ResidentColumn column = codes.resident()) {
      assertNotNull(column);
      Map<Long, byte[]> expected = scanned(codes);
      assertRows(expected, held(column));
      return expected.size();
    }
  }

  @Test
  void everyWidthAndEveryBatchSize() {
    for (int width : new int[] {1, 3, 8, 255, 256, 300, 511, 512, 1000, 2048}) {
      String name = "w" + width;
      write(name, Mode.CREATE, width, 0, 100);
      write(name, Mode.APPEND, width, 100, 163);
      delete(name, "id % 3 = 0");
      for (int batch : new int[] {1, 7, 4096}) {
        memory().forget(lance.table(name).location());
        try (CodeReader codes = codes(name, context(batch, 2, false));
            ResidentColumn column = codes.resident()) {
          assertNotNull(column);
          assertEquals(width, column.width());
          assertRows(scanned(codes), held(column));
        }
      }
    }
  }

  @Test
  void severalSegmentsInAFragment() {
    write("t", Mode.CREATE, 8, 0, 140_000);
    assertEquals(140_000, check("t"));
    delete("t", "id < 65536 or id between 70000 and 140000 and id % 2 = 0");
    try (CodeReader codes = codes("t", context(4096, 2, false));
        ResidentColumn column = codes.resident()) {
      assertNotNull(column);
      assertEquals(2, column.segments().size(), "one has no rows left");
    }
    check("t");
  }

  @Test
  void appendsAddAndDeletionsHide() {
    write("t", Mode.CREATE, WIDTH, 0, 100);
    assertEquals(100, check("t"));
    long bytes = memory().holdings().getFirst().bytes();
    write("t", Mode.APPEND, WIDTH, 100, 200);
    assertEquals(200, check("t"));
    assertEquals(2, memory().holdings().getFirst().segments());
    assertTrue(memory().holdings().getFirst().bytes() > bytes);
    delete("t", "id % 2 = 0");
    assertEquals(100, check("t"));
    assertEquals(2, memory().holdings().getFirst().segments(), "nothing was read anew");
    delete("t", "id < 50 or id = 199");
    check("t");
    delete("t", "id < 100");
    check("t");
  }

  @Test
  void olderVersionsHaveTheRowsThatNewerOnesLack() {
    write("t", Mode.CREATE, WIDTH, 0, 50);
    try (CodeReader older = codes("t", context(100, 1, false))) {
      delete("t", "id between 10 and 20");
      LanceTable table = new Lance2(lance).table("t");
      try (CodeReader newer = table.openCodes(1, new int[0], List.of(), context(100, 1, false));
          ResidentColumn first = newer.resident()) {
        assertNotNull(first);
        assertRows(scanned(newer), held(first));
        try (ResidentColumn all = older.resident()) {
          assertNotNull(all);
          assertEquals(50, held(all).size());
          assertRows(scanned(older), held(all));
        }
        assertRows(scanned(newer), held(first));
      }
    }
  }

  /** A table of its own, which has not learnt of an older version. */
  private record Lance2(Lance lance) {
    LanceTable table(String name) {
      LanceTable table = new LanceSchema(lance.schema.location(), lance.session).table(name);
      return java.util.Objects.requireNonNull(table);
    }
  }

  @Test
  void aColumnThatDoesNotFitIsHeldAsSketchesOrNotAtAll() {
    write("t", Mode.CREATE, WIDTH, 0, 100);
    memory().resize(100 * WIDTH);
    try (CodeReader codes = codes("t", context(100, 2, false));
        ResidentColumn column = codes.resident()) {
      assertNotNull(column);
      assertNull(column.segments().getFirst().segment().codes());
      assertRows(scanned(codes), held(column));
    }
    memory().resize(1000);
    try (CodeReader codes = codes("t", context(100, 2, false))) {
      assertNull(codes.resident());
    }
    assertEquals(List.of(), memory().holdings());
    memory().resize(0);
    try (CodeReader codes = codes("t", context(100, 2, false))) {
      assertNull(codes.resident());
    }
  }

  @Test
  void aFilteredSearchReadsTheColumnOnlyTheSecondTime() {
    write("t", Mode.CREATE, WIDTH, 0, 100);
    ResidentColumns memory = memory();
    DatasetVersion version =
        new DatasetVersion(
            lance.table("t").location(), lance.session.newest(lance.table("t").location()));
    for (int i = 0; i < 2; i++) {
      try (LanceSession.Lease lease = lance.session.acquire(version)) {
        Snapshot snapshot = Snapshot.of(version.manifest(), lease.dataset());
        ColumnSource source =
            new ColumnSource("test", lease.dataset(), version, snapshot, 1, context(100, 1, false));
        try (ResidentColumn column = memory.open(source, true, true).column()) {
          assertEquals(i == 1, column != null);
        }
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void aCancelledReadLeavesNothing() {
    write("t", Mode.CREATE, WIDTH, 0, 100);
    write("t", Mode.APPEND, WIDTH, 100, 200);
    try (CodeReader codes = codes("t", context(10, 2, true))) {
      assertEquals(
          ErrorCode.CANCELLED, assertThrows(BindSqlException.class, codes::resident).code());
    }
    assertEquals(List.of(), memory().holdings());
    assertEquals(200, check("t"));
  }

  @Test
  void aTableOfTheSameNameIsAnother() {
    write("t", Mode.CREATE, WIDTH, 0, 100);
    check("t");
    LanceTables.drop(lance.schema.location(), "t", lance.session);
    assertEquals(List.of(), memory().holdings());
    write("t", Mode.CREATE, WIDTH, 50, 80);
    assertEquals(30, check("t"));
  }

  /** Searches of two tables that do not fit together, while both change. */
  @Test
  void searchesUnderPressureBesideWriters() throws Exception {
    write("a", Mode.CREATE, WIDTH, 0, 400);
    write("b", Mode.CREATE, WIDTH, 0, 400);
    memory().resize(700 * WIDTH);
    AtomicBoolean stop = new AtomicBoolean();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<Integer>> searches = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        int seed = t;
        searches.add(threads.submit(() -> search(new Random(seed), stop)));
      }
      for (int i = 0; i < 12; i++) {
        String name = i % 2 == 0 ? "a" : "b";
        write(name, Mode.APPEND, WIDTH, 1000 * (i + 1), 1000 * (i + 1) + 20);
        delete(name, "id % 11 = " + i);
      }
      stop.set(true);
      int whole = 0;
      for (Future<Integer> search : searches) {
        whole += search.get(60, TimeUnit.SECONDS);
      }
      assertTrue(whole > 3, "columns held: " + whole);
    }
    long bytes = memory().holdings().stream().mapToLong(h -> h.bytes() + h.sketchBytes()).sum();
    assertTrue(bytes <= 700 * WIDTH, bytes + " bytes");
  }

  private int search(Random random, AtomicBoolean stop) {
    int whole = 0;
    while (!stop.get()) {
      LanceTable table = new Lance2(lance).table(random.nextBoolean() ? "a" : "b");
      try (CodeReader codes = table.openCodes(1, new int[0], List.of(), context(64, 2, false));
          ResidentColumn column = codes.resident()) {
        if (column != null) {
          whole += column.segments().getFirst().segment().codes() == null ? 0 : 1;
          assertRows(scanned(codes), held(column));
        }
      }
    }
    return whole;
  }
}
