package org.bindsql.lance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What must not happen: stale reads, half tables, escapes from the folder, one bad table for all.
 */
class LanceSafetyTest {
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

  private Set<String> names() {
    return lance.schema.tables().getNames(LikePattern.any());
  }

  @Test
  void folderMayBeMissing() {
    LanceSchema missing =
        new LanceSchema(Location.of(folder.resolve("nothing/here")), lance.session);
    assertEquals(Set.of(), missing.tables().getNames(LikePattern.any()));
    assertEquals(null, missing.tables().get("t"));
    assertFalse(Files.exists(folder.resolve("nothing")));
  }

  @Test
  void listsAndFindsTablesWithoutRegardToCase() {
    lance.writeNumbers("Docs", Mode.CREATE, 0, 1);
    lance.writeNumbers("logs", Mode.CREATE, 0, 1);
    assertEquals(Set.of("Docs", "logs"), names());
    assertEquals(Set.of("logs"), lance.schema.tables().getNames(new LikePattern("l%")));
    assertEquals("Docs", lance.schema.tables().getIgnoreCase("DOCS").name());
    assertEquals(null, lance.schema.tables().get("docs"));
  }

  @Test
  void nextStatementSeesAppendDropAndRecreation() {
    lance.writeNumbers("t", Mode.CREATE, 0, 3);
    LanceTable planned = lance.table("t");
    assertEquals(3, lance.rows("t", ScanRequest.of(0)).size());
    lance.writeNumbers("t", Mode.APPEND, 3, 5);
    assertEquals(5, lance.rows("t", ScanRequest.of(0)).size());
    try (BatchReader reader = planned.scan(ScanRequest.of(0), lance.context())) {
      assertEquals(5, Lance.rows(reader).size(), "a prepared statement sees new rows");
    }
    assertTrue(LanceTables.drop(Location.of(folder), "t", lance.session));
    assertFalse(LanceTables.drop(Location.of(folder), "t", lance.session));
    assertEquals(Set.of(), names());
    BigIntVector other = new BigIntVector("other", lance.allocator);
    other.setSafe(0, 42);
    other.setValueCount(1);
    lance.write("t", Mode.CREATE, new Schema(List.of(other.getField())), 1, other);
    assertEquals(List.of(List.of(42L)), lance.rows("t", ScanRequest.of(0)));
    BindSqlException e =
        assertThrows(
            BindSqlException.class, () -> planned.scan(ScanRequest.of(0), lance.context()));
    assertEquals(ErrorCode.SERIALIZATION_FAILURE, e.code());
  }

  @Test
  void openReaderKeepsItsVersion() {
    lance.writeNumbers("t", Mode.CREATE, 0, 1000);
    LanceTable table = lance.table("t");
    try (BatchReader reader = table.scan(ScanRequest.of(0, 1), lance.context())) {
      Batch first = reader.next();
      assertEquals(100, first == null ? 0 : first.rowCount());
      lance.writeNumbers("t", Mode.APPEND, 1000, 2000);
      lance.writeNumbers("t", Mode.REPLACE, 0, 1);
      assertEquals(900, Lance.rows(reader).size());
    }
  }

  @Test
  void allScansOfOneStatementReadOneVersion() {
    lance.writeNumbers("t", Mode.CREATE, 0, 10);
    StatementScope scope = new StatementScope();
    ExecutionContext plain = lance.context();
    ExecutionContext statement =
        new ExecutionContext(
            plain.allocator(),
            name -> name.equals(StatementScope.VARIABLE) ? scope : null,
            plain.cancelled(),
            plain.batchSize(),
            plain.threads(),
            null);
    LanceTable table = lance.table("t");
    assertEquals(10, table.count(ScanRequest.of(), statement));
    lance.writeNumbers("t", Mode.APPEND, 10, 20);
    assertEquals(10, table.count(ScanRequest.of(), statement));
    try (BatchReader reader = table.scan(ScanRequest.of(0), statement)) {
      assertEquals(10, Lance.rows(reader).size());
    }
    assertEquals(20, table.count(ScanRequest.of(), lance.context()));
  }

  @Test
  void statementsRunConcurrentlyWithWriters() throws Exception {
    lance.writeNumbers("t", Mode.CREATE, 0, 500);
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(() -> {
            for (int round = 0; round < 30; round++) {
              int rows = lance.rows("t", ScanRequest.of(0, 1)).size();
              assertEquals(0, rows % 500);
            }
          });
      thread.setUncaughtExceptionHandler((t, e) -> failures.add(e));
      thread.start();
      threads.add(thread);
    }
    for (int i = 0; i < 5; i++) {
      lance.writeNumbers("t", Mode.APPEND, 0, 500);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(List.of(), failures);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "..", "../t", "a/b", "a\\b", ".hidden", "c:x", "a\0b", "a\nb", "a.", "a ", "/t"
      })
  void namesCannotLeaveTheFolder(String name) {
    BindSqlException e =
        assertThrows(BindSqlException.class, () -> lance.writeNumbers(name, Mode.CREATE, 0, 1));
    assertEquals(ErrorCode.NOT_ALLOWED, e.code());
    assertEquals(
        ErrorCode.NOT_ALLOWED,
        assertThrows(
                BindSqlException.class,
                () -> LanceTables.drop(Location.of(folder), name, lance.session))
            .code());
    assertEquals(null, lance.schema.tables().get(name));
    assertEquals(null, lance.schema.tables().getIgnoreCase(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"my table", "ünï", "per%20cent", "hash#q", "que?t", "it's", "a+b", "[x]"})
  void namesAreTakenAsTheyAre(String name) {
    lance.writeNumbers(name, Mode.CREATE, 0, 3);
    assertTrue(Files.isDirectory(folder.resolve(name + ".lance/_versions")));
    assertEquals(3, lance.rows(name, ScanRequest.of(0)).size());
    lance.writeNumbers(name, Mode.APPEND, 3, 4);
    assertEquals(4, lance.rows(name, ScanRequest.of(0)).size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty", "truncated", "zeroed"})
  void badNewestManifestFailsAloneAndSaysSo(String damage) throws IOException {
    lance.writeNumbers("good", Mode.CREATE, 0, 2);
    lance.writeNumbers("bad", Mode.CREATE, 0, 2);
    lance.writeNumbers("bad", Mode.APPEND, 2, 4);
    Manifest newest = lance.session.newest(Location.of(folder.resolve("bad.lance")));
    byte[] bytes = Files.readAllBytes(newest.file());
    Files.write(
        newest.file(),
        switch (damage) {
          case "empty" -> new byte[0];
          case "truncated" -> java.util.Arrays.copyOf(bytes, bytes.length / 2);
          default -> new byte[bytes.length];
        });
    assertEquals(Set.of("bad", "good"), names());
    LanceTable bad = lance.table("bad");
    BindSqlException e = assertThrows(BindSqlException.class, bad::arrowSchema);
    assertEquals(ErrorCode.DATA_CORRUPTED, e.code());
    assertTrue(
        String.valueOf(e.getMessage()).contains("bad.lance")
            && String.valueOf(e.getMessage()).contains("newest manifest")
            && String.valueOf(e.getMessage()).contains("version 1 can be opened"),
        e.getMessage());
    assertEquals(2, lance.rows("good", ScanRequest.of(0)).size());
  }

  @Test
  void missingDataFileIsNamedOnRead() throws IOException {
    lance.writeNumbers("t", Mode.CREATE, 0, 2);
    try (Stream<Path> files = Files.list(folder.resolve("t.lance/data"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    BindSqlException e =
        assertThrows(BindSqlException.class, () -> lance.rows("t", ScanRequest.of(0)));
    assertEquals(ErrorCode.DATA_CORRUPTED, e.code(), e.getMessage());
    Files.createDirectory(folder.resolve("hollow.lance"));
    BindSqlException hollow =
        assertThrows(BindSqlException.class, () -> lance.table("hollow").arrowSchema());
    assertEquals(ErrorCode.DATA_CORRUPTED, hollow.code());
  }

  @Test
  void failedWriteLeavesNothing() throws IOException {
    BatchReader failing =
        new BatchReader() {
          private int calls;

          @Override
          public Batch next() {
            if (calls++ == 0) {
              return Batch.of(vectors, 1);
            }
            throw new BindSqlException(ErrorCode.BAD_ARGUMENT, "row 2 is wrong");
          }

          private final List<org.apache.arrow.vector.FieldVector> vectors =
              List.of(new BigIntVector("id", lance.allocator));

          {
            ((BigIntVector) vectors.getFirst()).setSafe(0, 1);
            vectors.getFirst().setValueCount(1);
          }

          @Override
          public void close() {
            vectors.forEach(org.apache.arrow.vector.FieldVector::close);
          }
        };
    Schema schema = new Schema(List.of(Lance.NUMBERS.getFields().getFirst()));
    BindSqlException e =
        assertThrows(
            BindSqlException.class,
            () ->
                LanceTables.write(
                    Location.of(folder), "t", schema, failing, Mode.CREATE, lance.session));
    assertEquals("row 2 is wrong", e.getMessage());
    assertEquals(ErrorCode.BAD_ARGUMENT, e.code());
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
