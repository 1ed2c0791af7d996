package org.bindsql.lance.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.Changes;
import org.bindsql.lance.Changes.Row;
import org.bindsql.lance.Lance;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several statements as one commit, or none. */
class LanceTransactionTest {
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void statementsSeeEarlierOnesAndBecomeOneVersion(boolean stableRowIds) {
    changes.create("t", COLUMNS, stableRowIds, "2.1");
    changes.append("t", row(1, "a"), row(2, "b"), row(3, "c"));
    LanceTransaction transaction = new LanceTransaction();
    insert(transaction, row(4, "d"), row(5, "e"));
    change(transaction, 2, "B", 4, "D", 1, null);
    change(transaction, 2, "BB", 5, null);
    assertEquals("[[2, BB], [3, c], [4, D]]", seen(transaction));
    assertEquals("[[1, a], [2, b], [3, c]]", changes.sorted("t", COLUMNS));
    commit(transaction);
    assertEquals("[[2, BB], [3, c], [4, D]]", changes.sorted("t", COLUMNS));
    assertEquals(3, changes.version("t"));
    if (stableRowIds) {
      assertEquals(
          List.of(List.of(2L, 1L, 2L, 3L), List.of(3L, 2L, 2L, 2L), List.of(4L, 3L, 3L, 3L)),
          changes.idsAndVersions("t"));
    }
  }

  @Test
  void rollbackLeavesNoFile() throws IOException {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"), row(2, "b"));
    Set<Path> before = files();
    LanceTransaction transaction = new LanceTransaction();
    insert(transaction, row(3, "c"));
    change(transaction, 1, "A", 3, null);
    transaction.rollback();
    assertEquals(before, files());
    assertEquals("[[1, a], [2, b]]", changes.sorted("t", COLUMNS));
  }

  @Test
  void commitLeavesOnlyWhatTheVersionHas() throws IOException {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"), row(2, "b"));
    Set<Path> before = files();
    LanceTransaction transaction = new LanceTransaction();
    insert(transaction, row(3, "c"), row(4, "d"));
    change(transaction, 1, "A");
    change(transaction, 2, "B", 3, null);
    commit(transaction);
    Set<Path> added = files();
    added.removeAll(before);
    // The files of rows 1 and 2 as they are, that of row 4 anew: row 3 is not in it.
    assertEquals(
        List.of("_transactions", "_versions", "data", "data", "data"),
        added.stream().map(p -> p.getName(p.getNameCount() - 2).toString()).sorted().toList());
    assertEquals("[[1, A], [2, B], [4, d]]", changes.sorted("t", COLUMNS));
  }

  @Test
  void changesOfTheSameRowsConflictAtCommit() throws IOException {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"));
    LanceTransaction transaction = new LanceTransaction();
    change(transaction, 1, "mine");
    LanceTransaction other = new LanceTransaction();
    change(other, 1, "theirs");
    commit(other);
    Set<Path> before = files();
    BindSqlException e = assertThrows(BindSqlException.class, () -> commit(transaction));
    assertEquals(ErrorCode.SERIALIZATION_FAILURE, e.code());
    before.removeIf(p -> !p.toFile().exists());
    assertEquals(before, files());
    assertEquals("[[1, theirs]]", changes.dump("t"));
  }

  @Test
  void aTransactionReadsTheVersionItBeganWith() {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"));
    LanceTransaction transaction = new LanceTransaction();
    assertEquals("[[1, a]]", seen(transaction));
    changes.append("t", row(2, "b"));
    assertEquals("[[1, a]]", seen(transaction));
    insert(transaction, row(3, "c"));
    assertEquals("[[1, a], [3, c]]", seen(transaction));
    commit(transaction);
    assertEquals("[[1, a], [2, b], [3, c]]", changes.sorted("t", COLUMNS));
  }

  @Test
  void aSecondTableIsRefused() {
    changes.create("t", COLUMNS, false, "2.1");
    changes.create("u", COLUMNS, false, "2.1");
    LanceTransaction transaction = new LanceTransaction();
    insert(transaction, row(1, "a"));
    BindSqlException e =
        assertThrows(BindSqlException.class, () -> insertInto("u", transaction, row(1, "a")));
    assertEquals(ErrorCode.NOT_SUPPORTED, e.code());
    assertEquals(
        "table u cannot be changed in this transaction, which changes table t: a transaction"
            + " changes one table",
        e.getMessage());
    commit(transaction);
    assertEquals("[[1, a]]", changes.dump("t"));
    assertEquals("[]", changes.dump("u"));
  }

  @Test
  void savepointsGoBack() throws IOException {
    changes.create("t", COLUMNS, false, "2.1");
    changes.append("t", row(1, "a"));
    LanceTransaction transaction = new LanceTransaction();
    LanceTransaction.Savepoint first = transaction.savepoint();
    insert(transaction, row(2, "b"));
    LanceTransaction.Savepoint second = transaction.savepoint();
    change(transaction, 1, null, 2, "B");
    assertEquals("[[2, B]]", seen(transaction));
    transaction.rollbackTo(second);
    assertEquals("[[1, a], [2, b]]", seen(transaction));
    transaction.rollbackTo(first);
    assertEquals("[[1, a]]", seen(transaction));
    insert(transaction, row(3, "c"));
    commit(transaction);
    assertEquals("[[1, a], [3, c]]", changes.sorted("t", COLUMNS));
  }

  @Test
  void changesThatCancelOutMakeNoVersion() throws IOException {
    changes.create("t", COLUMNS, false, "2.1");
    Set<Path> before = files();
    LanceTransaction transaction = new LanceTransaction();
    insert(transaction, row(1, "a"));
    change(transaction, 1, null);
    commit(transaction);
    assertEquals(before, files());
  }

  @Test
  void anEndedTransactionIsRefused() {
    LanceTransaction transaction = new LanceTransaction();
    transaction.rollback();
    transaction.close();
    BindSqlException e = assertThrows(BindSqlException.class, transaction::rollback);
    assertEquals(ErrorCode.TRANSACTION_STATE, e.code());
  }

  /** Random transactions against a list, with and without stable row ids. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void randomTransactionsEqualTheirRows(long seed) throws IOException {
    Random random = new Random(seed);
    changes.create("t", COLUMNS, seed % 2 == 0, seed > 2 ? "2.0" : "2.1");
    changes.configure("t", "bindsql.max_rows_per_file", "7");
    List<Object[]> committed = new ArrayList<>();
    int next = 0;
    for (int t = 0; t < 12; t++) {
      LanceTransaction transaction = new LanceTransaction();
      List<Object[]> model = new ArrayList<>();
      committed.forEach(r -> model.add(r.clone()));
      int statements = 1 + random.nextInt(4);
      for (int s = 0; s < statements; s++) {
        if (random.nextBoolean() || model.isEmpty()) {
          int count = random.nextInt(20);
          List<List<@Nullable Object>> rows = new ArrayList<>();
          for (int i = 0; i < count; i++) {
            Object[] added = {(long) next, "i" + next++};
            rows.add(Arrays.asList(added));
            model.add(added);
          }
          insertInto("t", transaction, rows);
        } else {
          List<@Nullable Object> pairs = new ArrayList<>();
          for (Object[] row : List.copyOf(model)) {
            int what = random.nextInt(4);
            if (what == 0) {
              pairs.addAll(Arrays.asList(row[0], null));
              model.remove(row);
            } else if (what == 1) {
              row[1] = "u" + random.nextInt(1000);
              pairs.addAll(Arrays.asList(row[0], row[1]));
            }
          }
          change(transaction, pairs.toArray());
        }
        assertEquals(printed(model), seen(transaction));
      }
      if (random.nextInt(3) > 0) {
        commit(transaction);
        committed = model;
      } else {
        transaction.rollback();
      }
      assertEquals(printed(committed), changes.sorted("t", COLUMNS));
    }
    assertTrue(Files.exists(folder));
  }

  private static String printed(List<Object[]> rows) {
    return rows.stream().map(Arrays::toString).sorted().toList().toString();
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private ExecutionContext context(LanceTransaction transaction, StatementScope scope) {
    return changes.context(scope, transaction);
  }

  private void commit(LanceTransaction transaction) {
    transaction.commit(context(transaction, new StatementScope()));
  }

  @SafeVarargs
  private void insert(LanceTransaction transaction, List<@Nullable Object>... rows) {
    insertInto("t", transaction, rows);
  }

  @SafeVarargs
  private void insertInto(
      String name, LanceTransaction transaction, List<@Nullable Object>... rows) {
    insertInto(name, transaction, Arrays.asList(rows));
  }

  private void insertInto(
      String name, LanceTransaction transaction, List<List<@Nullable Object>> rows) {
    try (StatementScope scope = new StatementScope(transaction.scope())) {
      BatchReader reader = changes.reader(COLUMNS, 2, rows);
      lance.table(name).append(reader, context(transaction, scope));
    }
  }

  /** Pairs of a row's id and its new text, or null to delete it. */
  private void change(LanceTransaction transaction, @Nullable Object... pairs) {
    try (StatementScope scope = new StatementScope(transaction.scope())) {
      List<List<@Nullable Object>> rows =
          changes.read("t", List.of("_rowaddr"), ScanRequest.of(0, 2), scope);
      List<Row> list = new ArrayList<>();
      for (int i = 0; i < pairs.length; i += 2) {
        long id = ((Number) pairs[i]).longValue();
        long address =
            (Long)
                rows.stream().filter(r -> r.getFirst().equals(id)).findFirst().orElseThrow().get(1);
        list.add(
            pairs[i + 1] == null ? Row.delete(address, 2) : Row.update(address, id, pairs[i + 1]));
      }
      BatchReader reader = changes.changeReader(COLUMNS, list);
      lance.table("t").apply(reader, context(transaction, scope));
    }
  }

  private String seen(LanceTransaction transaction) {
    try (StatementScope scope = new StatementScope(transaction.scope())) {
      return Lance.printable(changes.read("t", List.of(), ScanRequest.of(0, 1), scope)).stream()
          .sorted()
          .toList()
          .toString();
    }
  }

  private Set<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return new HashSet<>(files.filter(Files::isRegularFile).toList());
    }
  }
}
