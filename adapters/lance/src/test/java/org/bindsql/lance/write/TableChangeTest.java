package org.bindsql.lance.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.Changes;
import org.bindsql.lance.Changes.Row;
import org.bindsql.lance.Lance;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lance.Dataset;
import org.lance.schema.ColumnAlteration;

/** Statements that change a table: one commit each, or none. */
class TableChangeTest {
  private static final Schema COLUMNS =
      new Schema(
          List.of(
              Field.notNullable("id", new ArrowType.Int(64, true)),
              Field.nullable("text", ArrowType.Utf8.INSTANCE)));

  @TempDir Path folder;
  private Lance lance;
  private Changes changes;

  @BeforeEach
  void open() {
    lance = new Lance(folder);
    changes = new Changes(lance);
  }

  @AfterEach
  void close() {
    lance.close();
  }

  @Test
  void appendsInOneCommit() {
    changes.create("t", COLUMNS, false, "2.1");
    assertEquals(3, changes.append("t", row(1, "a"), row(2, null), row(3, "c")));
    assertEquals(0, changes.append("t"));
    assertEquals(1, changes.append("t", row(4, "d")));
    assertEquals("[[1, a], [2, null], [3, c], [4, d]]", changes.dump("t"));
    assertEquals(3, changes.version("t"));
  }

  @ParameterizedTest
  @CsvSource({"false,2.0", "false,2.1", "true,2.1", "true,2.2"})
  void appliesInsertsUpdatesAndDeletesInOneCommit(boolean stableRowIds, String format) {
    changes.create("t", COLUMNS, stableRowIds, format);
    changes.append("t", row(1, "a"), row(2, "b"), row(3, "c"), row(4, "d"));
    try (StatementScope scope = new StatementScope()) {
      List<Long> addresses = changes.addresses("t", scope);
      long count =
          changes.apply(
              "t",
              scope,
              Row.insert(9L, "i"),
              Row.update(addresses.get(1), 2L, "B"),
              Row.delete(addresses.get(0), 2),
              Row.insert(8L, null),
              Row.update(addresses.get(3), 5L, "D"));
      assertEquals(5, count);
    }
    assertEquals("[[2, B], [3, c], [5, D], [8, null], [9, i]]", changes.sorted("t", COLUMNS));
    assertEquals(3, changes.version("t"));
  }

  @Test
  void updatedRowsKeepTheirStableIds() {
    changes.create("t", COLUMNS, true, "2.1");
    changes.append("t", row(1, "a"), row(2, "b"), row(3, "c"));
    try (StatementScope scope = new StatementScope()) {
      List<Long> addresses = changes.addresses("t", scope);
      changes.apply(
          "t",
          scope,
          Row.insert(4L, "d"),
          Row.update(addresses.get(2), 3L, "C"),
          Row.update(addresses.get(0), 1L, "A"));
    }
    assertEquals(
        List.of(
            List.of(1L, 0L, 2L, 3L),
            List.of(2L, 1L, 2L, 2L),
            List.of(3L, 2L, 2L, 3L),
            List.of(4L, 3L, 3L, 3L)),
        changes.idsAndVersions("t"));
  }

  @Test
  void aRowChangedTwiceIsRefused() {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"));
    try (StatementScope scope = new StatementScope()) {
      long address = changes.addresses("t", scope).getFirst();
      BindSqlException e =
          assertThrows(
              BindSqlException.class,
              () ->
                  changes.apply("t", scope, Row.update(address, 1L, "b"), Row.delete(address, 2)));
      assertEquals(ErrorCode.CARDINALITY_VIOLATION, e.code());
    }
    assertEquals("[[1, a]]", changes.dump("t"));
    assertEquals(1, dataFiles("t"));
  }

  @Test
  void removingTheLastRowOfAFragmentRemovesIt() {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"));
    changes.append("t", row(2, "b"));
    try (StatementScope scope = new StatementScope()) {
      long address = changes.addresses("t", scope).getFirst();
      assertEquals(1, changes.apply("t", scope, Row.delete(address, 2)));
    }
    assertEquals("[[2, b]]", changes.dump("t"));
  }

  @Test
  void nullInANotNullColumnIsRefusedAndLeavesNothing() {
    changes.create("t", COLUMNS, false, "2.1");
    BindSqlException e =
        assertThrows(
            BindSqlException.class, () -> changes.append("t", row(1, "a"), row(null, "b")));
    assertEquals(ErrorCode.NULL_NOT_ALLOWED, e.code());
    assertEquals("column id does not allow NULL", e.getMessage());
    assertEquals(1, changes.version("t"));
    assertEquals(0, dataFiles("t"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 5})
  void aFailingSourceLeavesNothing(int good) {
    changes.create("t", COLUMNS, false, "2.1");
    changes.configure("t", "bindsql.max_rows_per_file", "2");
    long version = changes.version("t");
    BatchReader rows =
        new BatchReader() {
          private int read;
          private final BatchReader source =
              changes.reader(COLUMNS, 1, Stream.iterate(row(1, "x"), r -> r).limit(9).toList());

          @Override
          public @Nullable Batch next() {
            if (read++ == good) {
              throw new BindSqlException(ErrorCode.BAD_TEXT, "line 7: not a number");
            }
            return source.next();
          }

          @Override
          public void close() {
            source.close();
          }
        };
    BindSqlException e =
        assertThrows(BindSqlException.class, () -> lance.table("t").append(rows, lance.context()));
    assertEquals(ErrorCode.BAD_TEXT, e.code());
    assertEquals(version, changes.version("t"));
    assertEquals(0, dataFiles("t"));
  }

  @Test
  void rowsPerFileAreHonoured() {
    changes.create("t", COLUMNS, false, "2.1");
    changes.configure("t", "bindsql.max_rows_per_file", "2");
    changes.append("t", row(1, "a"), row(2, "b"), row(3, "c"), row(4, "d"), row(5, "e"));
    assertEquals(3, dataFiles("t"));
    assertEquals("[[1, a], [2, b], [3, c], [4, d], [5, e]]", changes.dump("t"));
  }

  @Test
  void changesOnStaleRowsConflict() {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"), row(2, "b"));
    try (StatementScope first = new StatementScope();
        StatementScope second = new StatementScope()) {
      long address = changes.addresses("t", first).getFirst();
      changes.addresses("t", second);
      changes.apply("t", second, Row.update(address, 1L, "second"));
      BindSqlException e =
          assertThrows(
              BindSqlException.class,
              () -> changes.apply("t", first, Row.update(address, 1L, "first")));
      assertEquals(ErrorCode.SERIALIZATION_FAILURE, e.code());
    }
    assertEquals("[[1, second], [2, b]]", changes.sorted("t", COLUMNS));
    assertEquals(2, dataFiles("t"));
  }

  @Test
  void rowsAddedOnTopOfAnOldVersionStay() {
    changes.create("t", COLUMNS, false, "2.1");
    try (StatementScope first = new StatementScope()) {
      changes.addresses("t", first);
      changes.append("t", row(1, "a"));
      changes.append("t", first, row(2, "b"));
    }
    assertEquals("[[1, a], [2, b]]", changes.sorted("t", COLUMNS));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anIndexFindsTheNewValuesOfUpdatedRows(boolean stableRowIds) {
    changes.create("t", COLUMNS, stableRowIds, "2.1");
    changes.append("t", row(1, "a"), row(2, "b"), row(3, "c"));
    changes.index("t", "text");
    try (StatementScope scope = new StatementScope()) {
      long address = changes.addresses("t", scope).get(1);
      changes.apply("t", scope, Row.update(address, 2L, "B"));
    }
    try (Dataset dataset = changes.open("t")) {
      assertEquals(1, dataset.countRows("text = 'B'"));
      assertEquals(0, dataset.countRows("text = 'b'"));
      assertEquals(1, dataset.countRows("text = 'c'"));
    }
  }

  /** Columns that changed under a statement: the statement fails, or its rows are right. */
  @ParameterizedTest
  @ValueSource(strings = {"add", "drop", "rename", "dropAndAdd"})
  void columnsThatChangeMeanwhileNeverMixValues(String how) {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"));
    BatchReader rows = changes.reader(COLUMNS, 1, List.of(row(2, "b"), row(3, "c")));
    BatchReader interrupted =
        new BatchReader() {
          private boolean begun;

          @Override
          public @Nullable Batch next() {
            Batch batch = rows.next();
            if (!begun) {
              begun = true;
              alter(how);
            }
            return batch;
          }

          @Override
          public void close() {
            rows.close();
          }
        };
    BindSqlException e =
        assertThrows(
            BindSqlException.class, () -> lance.table("t").append(interrupted, lance.context()));
    assertEquals(ErrorCode.SERIALIZATION_FAILURE, e.code());
    assertEquals(1, changes.rows("t").size());
  }

  private void alter(String how) {
    try (Dataset dataset = changes.open("t")) {
      switch (how) {
        case "add" -> dataset.addColumns(List.of(Field.nullable("n", ArrowType.Bool.INSTANCE)));
        case "drop" -> dataset.dropColumns(List.of("text"));
        case "rename" ->
            dataset.alterColumns(List.of(new ColumnAlteration.Builder("text").rename("t").build()));
        default -> {
          dataset.dropColumns(List.of("text"));
          dataset.addColumns(List.of(Field.nullable("text", ArrowType.Utf8.INSTANCE)));
        }
      }
    }
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private int dataFiles(String table) {
    Path data = lance.table(table).location().localPath().resolve("data");
    if (!Files.exists(data)) {
      return 0;
    }
    try (Stream<Path> files = Files.list(data)) {
      return (int) files.count();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void lanceColumnsAreReadBesideTheOthers() {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"), row(2, "b"));
    assertEquals(
        List.of(List.of(0L, 1L), List.of(1L, 2L)),
        changes.read("t", List.of("_rowaddr"), ScanRequest.of(2, 0), null));
  }
}
