package org.bindsql.lance.upkeep;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.Changes;
import org.bindsql.lance.Lance;
import org.bindsql.lance.References;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.lance.write.LanceTransaction;
import org.bindsql.table.ChangeTable;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;
import org.lance.Ref;
import org.lance.Version;

/** OPTIMIZE and VACUUM beside readers, writers and transactions. */
class UpkeepTest {
  @TempDir Path folder;

  private Lance lance;
  private Changes changes;

  @BeforeEach
  void open() {
    lance = new Lance(folder);
    changes = new Changes(lance);
    lance.writeNumbers("t", Mode.CREATE, 0, 10);
  }

  @AfterEach
  void close() {
    lance.close();
  }

  @Test
  void vacuumKeepsWhatAReaderReads() {
    append(10, 20);
    BatchReader reader = lance.table("t").scan(ScanRequest.of(0), lance.context());
    reader.next();
    append(20, 30);
    append(30, 40);
    optimize();
    assertEquals(1, vacuum().versions(), "the one before the reader's");
    assertEquals(20, drain(reader, 10));
    assertTrue(vacuum().dataFiles() > 0);
    assertEquals(1, versions().size());
    assertEquals(40, lance.table("t").count(ScanRequest.of(), lance.context()));
  }

  @Test
  void vacuumKeepsWhatAStatementReadsBetweenItsScans() {
    try (StatementScope scope = new StatementScope()) {
      ExecutionContext context = changes.context(scope);
      assertEquals(10, count(context));
      append(10, 20);
      optimize();
      assertEquals(0, vacuum().versions());
      assertEquals(10, count(context));
    }
    assertTrue(vacuum().versions() > 0);
  }

  @Test
  void vacuumKeepsTagsAndBranches() throws Exception {
    append(10, 20);
    append(20, 30);
    try (Dataset dataset = changes.open("t")) {
      dataset.tags().create("kept", 2);
      dataset.createBranch("dev", Ref.ofMain(1)).close();
    }
    append(30, 40);
    optimize();
    vacuum();
    assertTrue(versions().contains(2L), "the tag's version");
    References references = new References(lance.table("t"));
    assertEquals(20, count(references, "kept"));
    assertEquals(10, count(references, "dev"));
    assertEquals(40, lance.table("t").count(ScanRequest.of(), lance.context()));
    BindSqlException failure =
        assertThrows(
            BindSqlException.class,
            () -> Upkeep.vacuum(lance.table("t"), new Upkeep.Retention(later(), 1, false, true)));
    assertTrue(String.valueOf(failure.getMessage()).contains("kept"), failure::getMessage);
  }

  @Test
  void transactionsAreNeitherHinderedNorDestroyed() {
    try (LanceTransaction transaction = new LanceTransaction()) {
      try (StatementScope scope = new StatementScope(transaction.scope())) {
        insert(transaction, scope, 100);
      }
      assertTrue(Upkeep.hasTransaction(lance.table("t")));
      append(10, 20);
      append(20, 30);
      vacuum();
      assertThrows(
          BindSqlException.class,
          () -> Upkeep.vacuum(lance.table("t"), new Upkeep.Retention(later(), 1, true, false)));
      try (StatementScope scope = new StatementScope(transaction.scope())) {
        assertEquals(11, count(changes.context(scope, transaction)));
        insert(transaction, scope, 101);
      }
      try (StatementScope scope = new StatementScope()) {
        transaction.commit(changes.context(scope, transaction));
      }
    }
    assertFalse(Upkeep.hasTransaction(lance.table("t")));
    assertEquals(32, lance.table("t").count(ScanRequest.of(), lance.context()));
    vacuum();
    assertEquals(1, versions().size());
    assertEquals(32, lance.table("t").count(ScanRequest.of(), lance.context()));
  }

  @Test
  void versionsOfKilledTransactionsGo() throws Exception {
    Path versions = folder.resolve("t.lance/_versions");
    try (LanceTransaction killed = new LanceTransaction()) {
      try (StatementScope scope = new StatementScope(killed.scope())) {
        insert(killed, scope, 100);
        insert(killed, scope, 101);
      }
      for (Path manifest : detached(versions)) { // what is there when the process is killed
        Files.copy(manifest, versions.resolve("d9223372036854775809.manifest"), REPLACE_EXISTING);
        Files.copy(manifest, versions.resolve("d9223372036854775810.manifest"), REPLACE_EXISTING);
      }
      Files.setLastModifiedTime(
          versions.resolve("d9223372036854775809.manifest"),
          FileTime.from(Instant.now().minus(Duration.ofDays(8))));
      vacuum();
      assertEquals(4, detached(versions).size(), "a transaction is under way");
    }
    assertEquals(2, detached(versions).size());
    Instant month = Instant.now().minus(Duration.ofDays(30));
    assertEquals(
        0, Upkeep.vacuum(lance.table("t"), new Upkeep.Retention(month, 1, false, false)).bytes());
    assertEquals(2, detached(versions).size(), "younger than the retention");
    assertTrue(vacuum().bytes() > 0);
    assertEquals(1, detached(versions).size(), "it may be another process's");
    Upkeep.vacuum(lance.table("t"), new Upkeep.Retention(later(), 1, true, false));
    assertEquals(List.of(), detached(versions));
    assertEquals(10, lance.table("t").count(ScanRequest.of(), lance.context()));
  }

  private static List<Path> detached(Path versions) throws IOException {
    try (Stream<Path> files = Files.list(versions)) {
      return files.filter(file -> file.getFileName().toString().startsWith("d")).toList();
    }
  }

  @Test
  void unverifiedFilesStayWhileTheTableIsUsed() {
    Upkeep.Retention everything = new Upkeep.Retention(later(), 1, true, false);
    try (BatchReader reader = lance.table("t").scan(ScanRequest.of(0), lance.context())) {
      BindSqlException failure =
          assertThrows(BindSqlException.class, () -> Upkeep.vacuum(lance.table("t"), everything));
      assertEquals(ErrorCode.SERIALIZATION_FAILURE, failure.code());
    }
    Upkeep.vacuum(lance.table("t"), everything);
    assertEquals(10, lance.table("t").count(ScanRequest.of(), lance.context()));
  }

  @Test
  void optimizeKeepsRowsAndOrderAndCanBeEnded() {
    for (int i = 1; i < 6; i++) {
      append(i * 10, i * 10 + 10);
    }
    List<List<@Nullable Object>> before = lance.rows("t", ScanRequest.of(0, 1));
    long version = changes.version("t");
    AtomicInteger steps = new AtomicInteger();
    assertThrows(
        BindSqlException.class,
        () ->
            Upkeep.optimize(
                lance.table("t"),
                Upkeep.Optimization.DEFAULT,
                () -> {
                  if (steps.incrementAndGet() == 3) {
                    throw new BindSqlException(ErrorCode.CANCELLED, "ended");
                  }
                }));
    assertEquals(version, changes.version("t"), "nothing is half-done");
    Upkeep.Optimized done = optimize();
    assertEquals(6, done.fragmentsRemoved());
    assertEquals(1, done.fragmentsAdded());
    assertEquals(before, lance.rows("t", ScanRequest.of(0, 1)));
  }

  /** Writers, readers, OPTIMIZE and VACUUM at once: no row is lost and every reader ends. */
  @Test
  void nothingIsLostUnderConcurrency() throws Exception {
    int writers = 4;
    int commits = 12;
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch started = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(writers + 4);
    List<Future<Integer>> writing = new ArrayList<>();
    List<Future<Integer>> other = new ArrayList<>();
    try {
      for (int w = 0; w < writers; w++) {
        int first = 1000 * (w + 1);
        writing.add(
            pool.submit(() -> {
              started.await();
              for (int i = 0; i < commits; i++) {
                int id = first + i;
                retried(() -> changes.append("t", List.of((long) id, "w" + id)));
              }
              return commits;
            }));
      }
      for (int r = 0; r < 2; r++) {
        other.add(
            pool.submit(() -> {
              int reads = 0;
              do {
                try (BatchReader reader =
                    lance.table("t").scan(ScanRequest.of(0), lance.context())) {
                  int rows = drain(reader, 0);
                  assertTrue(rows >= 10, "saw " + rows);
                  reads++;
                }
              } while (!over.get());
              return reads;
            }));
      }
      other.add(pool.submit(() -> repeated(over, this::optimize)));
      other.add(pool.submit(() -> repeated(over, this::vacuum)));
      started.countDown();
      for (Future<Integer> writer : writing) {
        assertEquals(commits, writer.get());
      }
      over.set(true);
      for (Future<Integer> future : other) {
        assertTrue(future.get() > 0);
      }
    } finally {
      over.set(true);
      pool.shutdownNow();
    }
    List<String> ids = Lance.printable(lance.rows("t", ScanRequest.of(0)));
    assertEquals(10 + writers * commits, ids.size());
    assertEquals(ids.size(), ids.stream().distinct().count());
    optimize();
    assertEquals(ids.size(), lance.table("t").count(ScanRequest.of(), lance.context()));
  }

  private static int repeated(AtomicBoolean over, Callable<?> work) throws Exception {
    int times = 0;
    do {
      retried(work);
      times++;
    } while (!over.get());
    return times;
  }

  /** As a statement is run again when it lost a race. */
  private static void retried(Callable<?> work) throws Exception {
    for (int i = 0; ; i++) {
      try {
        work.call();
        return;
      } catch (BindSqlException e) {
        if (e.code() != ErrorCode.SERIALIZATION_FAILURE || i == 100) {
          throw e;
        }
      }
    }
  }

  private void append(int from, int to) {
    lance.writeNumbers("t", Mode.APPEND, from, to);
  }

  private void insert(LanceTransaction transaction, StatementScope scope, long id) {
    ChangeTable table = lance.table("t");
    table.append(
        changes.reader(table.arrowSchema(), 10, List.of(List.of(id, "x"))),
        changes.context(scope, transaction));
  }

  private long count(ExecutionContext context) {
    return lance.table("t").count(ScanRequest.of(), context);
  }

  private long count(References references, String name) {
    return lance.count(references, name);
  }

  private Upkeep.Optimized optimize() {
    return Upkeep.optimize(lance.table("t"), Upkeep.Optimization.DEFAULT, () -> {});
  }

  private Upkeep.Removed vacuum() {
    return Upkeep.vacuum(lance.table("t"), new Upkeep.Retention(later(), 1, false, false));
  }

  private static Instant later() {
    return Instant.now().plusSeconds(1000);
  }

  private List<Long> versions() {
    try (Dataset dataset = changes.open("t")) {
      return dataset.listVersions().stream().map(Version::getId).toList();
    }
  }

  private static int drain(BatchReader reader, int before) {
    try (reader) {
      int rows = before;
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        rows += batch.rowCount();
      }
      return rows;
    }
  }
}
