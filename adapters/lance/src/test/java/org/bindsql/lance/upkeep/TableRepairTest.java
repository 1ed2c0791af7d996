package org.bindsql.lance.upkeep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.Changes;
import org.bindsql.lance.Lance;
import org.bindsql.lance.dataset.DatasetFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables whose newest manifests a power cut has damaged. */
class TableRepairTest {
  private static final Schema COLUMNS =
      new Schema(List.of(Field.nullable("id", new ArrowType.Int(64, true))));

  @TempDir Path folder;
  private Lance lance;
  private Changes changes;

  @BeforeEach
  void open() {
    lance = new Lance(folder);
    changes = new Changes(lance);
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", List.of(1L));
    changes.append("t", List.of(2L));
    changes.append("t", List.of(3L));
  }

  @AfterEach
  void close() {
    lance.close();
  }

  private Path manifest(long version) throws IOException {
    return new DatasetFiles(folder.resolve("t.lance")).manifest(version);
  }

  private void damage(long version, String how) throws IOException {
    Path file = manifest(version);
    byte[] bytes = Files.readAllBytes(file);
    byte[] bad =
        switch (how) {
          case "empty" -> new byte[0];
          case "truncated" -> Arrays.copyOf(bytes, bytes.length / 2);
          case "zeros" -> new byte[bytes.length];
          default -> how.repeat(bytes.length).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        };
    Files.write(file, bad);
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty", "truncated", "zeros", "garbage"})
  void theNewestVersionThatCanBeReadIsCurrentAgain(String how) throws IOException {
    damage(4, how);
    BindSqlException e = assertThrows(BindSqlException.class, () -> changes.dump("t"));
    assertEquals(ErrorCode.DATA_CORRUPTED, e.code());
    assertTrue(
        String.valueOf(e.getMessage())
            .endsWith("version 3 can be opened: CALL system.repair_table('t') makes it the newest"),
        e.getMessage());
    Path bad = manifest(4);
    assertEquals(new TableRepair.Repaired(List.of(4L), 3), TableRepair.repair(lance.table("t")));
    assertFalse(Files.exists(bad));
    assertTrue(Files.exists(bad.resolveSibling(bad.getFileName() + ".bad")));
    assertEquals("[[1], [2]]", changes.dump("t"));
    changes.append("t", List.of(4L));
    assertEquals("[[1], [2], [4]]", changes.dump("t"));
    assertEquals(4, changes.version("t"));
  }

  @Test
  void severalDamagedVersionsAreMovedAside() throws IOException {
    damage(3, "zeros");
    damage(4, "empty");
    assertEquals(
        new TableRepair.Repaired(List.of(4L, 3L), 2), TableRepair.repair(lance.table("t")));
    assertEquals("[[1]]", changes.dump("t"));
  }

  @Test
  void aReadableTableIsLeftAlone() throws IOException {
    damage(3, "zeros");
    BindSqlException e =
        assertThrows(BindSqlException.class, () -> TableRepair.repair(lance.table("t")));
    assertEquals(ErrorCode.BAD_ARGUMENT, e.code());
    assertEquals("table t needs no repair: its newest version, 4, can be read", e.getMessage());
    assertEquals("[[1], [2], [3]]", changes.dump("t"));
  }

  @Test
  void aTableWithoutReadableVersionIsLeftAlone() throws IOException {
    for (long version = 1; version <= 4; version++) {
      damage(version, "zeros");
    }
    BindSqlException e =
        assertThrows(BindSqlException.class, () -> TableRepair.repair(lance.table("t")));
    assertEquals(ErrorCode.DATA_CORRUPTED, e.code());
    assertTrue(Files.exists(manifest(4)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "garbage", "{\"version\":99}", "{\"version\":1}"})
  void aDamagedVersionHintDoesNotMatter(String hint) throws IOException {
    Path file = Objects.requireNonNull(manifest(4).getParent()).resolve("latest_version_hint.json");
    Files.writeString(file, hint);
    assertEquals("[[1], [2], [3]]", changes.dump("t"));
    changes.append("t", List.of(4L));
    assertEquals("[[1], [2], [3], [4]]", changes.dump("t"));
    assertEquals(5, lance.session.newest(lance.table("t").location()).version());
  }

  @Test
  void syncForcesEveryFile() {
    TableRepair.sync(lance.table("t"));
    assertEquals("[[1], [2], [3]]", changes.dump("t"));
  }
}
