package org.bindsql.lance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Profile;
import org.bindsql.exec.ProfiledReader;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.BatchReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading and writing tables of a folder. */
class LanceTableTest {
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

  @Test
  void readsWhatWasWritten() {
    lance.writeNumbers("t", Mode.CREATE, 0, 10);
    assertEquals(
        List.of(List.of(3L, "s3"), List.of(4L, "s4")),
        lance.rows("t", ScanRequest.of(0, 1)).subList(3, 5));
    assertEquals(List.of("s9"), lance.rows("t", ScanRequest.of(1)).get(9));
  }

  @Test
  void countsRowsWithoutColumns() {
    lance.writeNumbers("t", Mode.CREATE, 0, 10_000);
    assertEquals(10_000, lance.rows("t", ScanRequest.of()).size());
    assertEquals(7, lance.rows("t", new ScanRequest(new int[0], List.of(), 7)).size());
  }

  @Test
  void scansReportTheirFragmentsOnce() {
    lance.writeNumbers("t", Mode.CREATE, 0, 10);
    lance.writeNumbers("t", Mode.APPEND, 10, 15);
    ExecutionContext plain = lance.context();
    Profile profile = new Profile();
    ExecutionContext profiled =
        new ExecutionContext(
            plain.allocator(), plain.variables(), plain.cancelled(), 100, 1, profile);
    try (BatchReader reader =
        new ProfiledReader(lance.table("t").scan(ScanRequest.of(0), profiled), 7, profiled)) {
      assertEquals(15, Lance.rows(reader).size());
      reader.close();
    }
    assertEquals(2L, profile.of(7).get("fragments"));
    assertEquals(2L, profile.of(7).get("fragments in all"));
    assertEquals(15L, profile.of(7).get("rows"));
  }

  @Test
  void honoursTheLimit() {
    lance.writeNumbers("t", Mode.CREATE, 0, 100);
    assertEquals(3, lance.rows("t", new ScanRequest(new int[] {0}, List.of(), 3)).size());
    assertEquals(0, lance.rows("t", new ScanRequest(new int[] {0}, List.of(), 0)).size());
  }

  @Test
  void createFailsOnExistingTableAndReplaceDoesNot() {
    lance.writeNumbers("t", Mode.CREATE, 0, 10);
    BindSqlException e =
        assertThrows(BindSqlException.class, () -> lance.writeNumbers("t", Mode.CREATE, 0, 5));
    assertEquals(ErrorCode.TABLE_EXISTS, e.code());
    assertEquals(10, lance.rows("t", ScanRequest.of(0)).size());
    lance.writeNumbers("t", Mode.REPLACE, 0, 5);
    assertEquals(5, lance.rows("t", ScanRequest.of(0)).size());
    lance.writeNumbers("t", Mode.APPEND, 5, 8);
    assertEquals(8, lance.rows("t", ScanRequest.of(0)).size());
  }
}
