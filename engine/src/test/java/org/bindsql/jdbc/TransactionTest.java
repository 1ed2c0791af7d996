package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transactions, batches and writers that race, of several connections to one database. */
class TransactionTest {
  @TempDir Path folder;
  private Connection one;
  private Connection two;

  @BeforeEach
  void open() throws SQLException {
    one = connect();
    two = connect();
    run(one, "CREATE TABLE t AS SELECT * FROM (VALUES (1, 10), (2, 20), (3, 30)) AS v(id, n)");
  }

  /** Closing the last connection fails if off-heap memory leaked. */
  @AfterEach
  void close() throws SQLException {
    one.close();
    two.close();
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection("jdbc:bindsql:path=" + folder);
  }

  private static int run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private static String rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join(" ", row));
      }
    }
    return String.join(", ", rows);
  }

  private static String table(Connection connection) throws SQLException {
    return rows(connection, "SELECT id, n FROM t ORDER BY id");
  }

  private static void fails(String state, Connection connection, String sql) {
    SQLException e = assertThrows(SQLException.class, () -> run(connection, sql));
    assertEquals(state, e.getSQLState(), e.getMessage());
  }

  private long versions() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("t.lance").resolve("_versions"))) {
      return files.filter(file -> file.toString().endsWith(".manifest")).count();
    }
  }

  @Test
  void statementsOfATransactionAreSeenByItselfAndByOthersAfterCommit() throws SQLException {
    one.setAutoCommit(false);
    assertEquals(1, run(one, "INSERT INTO t VALUES (4, 40)"));
    assertEquals(4, run(one, "UPDATE t SET n = n + id"));
    assertEquals(1, run(one, "DELETE FROM t WHERE id = 1"));
    assertEquals(
        2,
        run(
            one,
            "MERGE INTO t USING (VALUES (2, 5), (9, 9)) AS s(id, n) ON t.id = s.id"
                + " WHEN MATCHED THEN UPDATE SET n = s.n"
                + " WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.n)"));
    assertEquals("2 5, 3 33, 4 44, 9 9", table(one));
    assertEquals("1 10, 2 20, 3 30", table(two));
    one.commit();
    assertEquals("2 5, 3 33, 4 44, 9 9", table(two));
    one.rollback();
    assertEquals("2 5, 3 33, 4 44, 9 9", table(one));
  }

  @Test
  void rollbackUndoesAll() throws SQLException {
    one.setAutoCommit(false);
    run(one, "DELETE FROM t");
    assertEquals("", table(one));
    one.rollback();
    assertEquals("1 10, 2 20, 3 30", table(one));
    run(one, "UPDATE t SET n = 0");
    one.close();
    assertEquals("1 10, 2 20, 3 30", table(two));
  }

  @Test
  void aTransactionReadsOneSnapshot() throws SQLException {
    run(one, "BEGIN");
    assertEquals("1 10, 2 20, 3 30", table(one));
    run(two, "UPDATE t SET n = 0 WHERE id = 1");
    assertEquals("1 10, 2 20, 3 30", table(one));
    run(one, "COMMIT");
    assertEquals("1 0, 2 20, 3 30", table(one));
  }

  @Test
  void theSecondWriterOfARowFails() throws SQLException {
    one.setAutoCommit(false);
    two.setAutoCommit(false);
    run(one, "UPDATE t SET n = n + 1 WHERE id = 1");
    run(two, "UPDATE t SET n = n + 1 WHERE id = 1");
    one.commit();
    SQLException e = assertThrows(SQLException.class, () -> two.commit());
    assertEquals("40001", e.getSQLState());
    assertEquals("1 11, 2 20, 3 30", table(two));
    run(two, "UPDATE t SET n = n + 1 WHERE id = 1");
    two.commit();
    assertEquals("1 12, 2 20, 3 30", table(one));
  }

  @Test
  void aStatementThatFailsLeavesTheTransactionAsItWas() throws SQLException {
    one.setAutoCommit(false);
    run(one, "INSERT INTO t VALUES (4, 40)");
    fails("22012", one, "UPDATE t SET n = 1 / (n - n)");
    assertEquals("1 10, 2 20, 3 30, 4 40", table(one));
    one.commit();
    assertEquals("1 10, 2 20, 3 30, 4 40", table(two));
  }

  @Test
  void savepointsAreGoneBackTo() throws SQLException {
    one.setAutoCommit(false);
    Savepoint start = one.setSavepoint();
    run(one, "UPDATE t SET n = 0");
    Savepoint zero = one.setSavepoint("zero");
    run(one, "DELETE FROM t");
    one.rollback(zero);
    assertEquals("1 0, 2 0, 3 0", table(one));
    run(one, "DELETE FROM t WHERE id = 1");
    one.rollback(zero);
    assertEquals("1 0, 2 0, 3 0", table(one));
    one.rollback(start);
    assertEquals("1 10, 2 20, 3 30", table(one));
    assertEquals("3B001", assertThrows(SQLException.class, () -> one.rollback(zero)).getSQLState());
    run(one, "UPDATE t SET n = 1 WHERE id = 1");
    one.commit();
    assertEquals("1 1, 2 20, 3 30", table(two));
  }

  /** Lance itself would delete row 7 of the new table, or leave a folder that is no table. */
  @Test
  void aTransactionDoesNotReachAnotherTableOfTheSameName() throws SQLException {
    for (String change :
        List.of(
            "DELETE FROM t WHERE id = 1", "INSERT INTO t VALUES (4, 40)", "UPDATE t SET n = 0")) {
      run(one, "BEGIN");
      run(one, change);
      run(two, "DROP TABLE t");
      run(two, "CREATE TABLE t AS SELECT * FROM (VALUES (7, 70), (1, 80)) AS v(id, n)");
      fails("40001", one, "COMMIT");
      assertEquals("1 80, 7 70", table(one));

      run(one, "BEGIN");
      run(one, change);
      run(two, "DROP TABLE t");
      fails("40001", one, "COMMIT");
      fails("42P01", one, "SELECT * FROM t");
      assertFalse(Files.exists(folder.resolve("t.lance")));
      run(two, "CREATE TABLE t AS SELECT * FROM (VALUES (1, 10), (2, 20)) AS v(id, n)");
    }
  }

  @Test
  void whatIsNoPartOfATransactionIsRefused() throws SQLException {
    run(one, "CREATE TABLE u AS SELECT * FROM t");
    run(one, "BEGIN");
    run(one, "DELETE FROM t WHERE id = 1");
    fails("0A000", one, "DELETE FROM u");
    fails("25000", one, "CREATE TABLE v AS SELECT * FROM t");
    fails("25000", one, "DROP TABLE u");
    fails("25000", one, "DELETE FROM bindspace.fluid");
    fails("25000", one, "BEGIN");
    run(one, "ROLLBACK");
    assertEquals("1 10, 2 20, 3 30", table(one));
    fails("25000", one, "COMMIT");
    fails("25000", one, "ROLLBACK");
    fails("25000", one, "SAVEPOINT p");
    run(one, "BEGIN TRANSACTION READ ONLY");
    fails("25006", one, "DELETE FROM t");
    fails("25006", one, "CREATE TABLE v AS SELECT * FROM t");
    assertEquals("1 10, 2 20, 3 30", table(one));
    run(one, "COMMIT");
    one.setAutoCommit(false);
    assertEquals("1 10, 2 20, 3 30", table(one));
    run(one, "CREATE TABLE v AS SELECT * FROM t"); // the transaction had changed nothing
    assertEquals("0A000", assertThrows(SQLException.class, one::rollback).getSQLState());
  }

  @Test
  void resultSetsOfATransactionCloseWithIt() throws SQLException {
    one.setAutoCommit(false);
    run(one, "UPDATE t SET n = 0");
    try (Statement statement = one.createStatement()) {
      ResultSet rows = statement.executeQuery("SELECT * FROM t");
      assertTrue(rows.next());
      one.rollback();
      assertTrue(rows.isClosed());
      assertEquals(ResultSet.CLOSE_CURSORS_AT_COMMIT, one.getHoldability());
    }
  }

  @Test
  void turningAutoCommitOnCommits() throws SQLException {
    one.setAutoCommit(false);
    assertFalse(one.getAutoCommit());
    run(one, "DELETE FROM t WHERE id < 3");
    one.setAutoCommit(true);
    assertEquals("3 30", table(two));
  }

  @Test
  void anInsertBatchIsOneCommit() throws Exception {
    long before = versions();
    try (PreparedStatement insert = one.prepareStatement("INSERT INTO t (n, id) VALUES (?, ?)")) {
      for (int i = 0; i < 10_000; i++) {
        insert.setInt(1, i);
        insert.setInt(2, 100 + i);
        insert.addBatch();
      }
      int[] counts = insert.executeBatch();
      assertEquals(10_000, counts.length);
      assertEquals(1, counts[9_999]);
      assertEquals(0, insert.executeBatch().length);
    }
    assertEquals(before + 1, versions());
    assertEquals("10003 49995060", rows(two, "SELECT COUNT(*), SUM(n) FROM t"));
  }

  @Test
  void anUpdateBatchIsOneCommit() throws Exception {
    long before = versions();
    try (PreparedStatement update = one.prepareStatement("UPDATE t SET n = n + ? WHERE id >= ?")) {
      for (int i = 1; i <= 3; i++) {
        update.setInt(1, 100);
        update.setInt(2, i);
        update.addBatch();
      }
      assertArrayEquals(new long[] {3, 2, 1}, update.executeLargeBatch());
    }
    assertEquals("1 110, 2 220, 3 330", table(two));
    assertEquals(before + 1, versions());
  }

  @Test
  void aBatchThatFailsDoesNothing() throws SQLException {
    try (PreparedStatement insert =
        one.prepareStatement("INSERT INTO t SELECT ?, 100 / CAST(? AS INTEGER) FROM (VALUES 1)")) {
      for (int i = 3; i >= 0; i--) {
        insert.setInt(1, 50 + i);
        insert.setInt(2, i);
        insert.addBatch();
      }
      BatchUpdateException e = assertThrows(BatchUpdateException.class, insert::executeBatch);
      assertEquals("22012", e.getSQLState());
      assertEquals(0, e.getUpdateCounts().length);
    }
    assertEquals("1 10, 2 20, 3 30", table(one));
    one.setAutoCommit(false);
    run(one, "DELETE FROM t WHERE id = 3");
    try (Statement statement = one.createStatement()) {
      statement.addBatch("UPDATE t SET n = 0");
      statement.addBatch("UPDATE t SET n = 1 / n");
      assertThrows(BatchUpdateException.class, statement::executeBatch);
    }
    assertEquals("1 10, 2 20", table(one));
    one.commit();
    assertEquals("1 10, 2 20", table(two));
  }

  @Test
  void aBatchOfStatementsCommitsOncePerTable() throws Exception {
    long before = versions();
    try (Statement statement = one.createStatement()) {
      statement.addBatch("INSERT INTO t VALUES (4, 40)");
      statement.addBatch("UPDATE t SET n = n + 1");
      statement.addBatch("DELETE FROM t WHERE id = 1");
      statement.addBatch("CREATE TABLE u AS SELECT * FROM t");
      statement.addBatch("DELETE FROM u WHERE id < 4");
      assertArrayEquals(new int[] {1, 4, 1, 3, 2}, statement.executeBatch());
      statement.addBatch("SELECT 1");
      assertThrows(BatchUpdateException.class, statement::executeBatch);
    }
    assertEquals("2 21, 3 31, 4 41", table(two));
    assertEquals("4 41", rows(two, "SELECT * FROM u"));
    assertEquals(before + 1, versions());
  }

  @Test
  void parametersKeepTheirOrder() throws SQLException {
    try (PreparedStatement merge =
        one.prepareStatement(
            "MERGE INTO t USING (VALUES (CAST(? AS INTEGER), CAST(? AS INTEGER))) AS s(id, n)"
                + " ON t.id = s.id + ? WHEN MATCHED AND t.n = ? THEN UPDATE SET n = s.n + ?"
                + " WHEN NOT MATCHED THEN INSERT VALUES (?, ?)")) {
      assertEquals(7, merge.getParameterMetaData().getParameterCount());
      int[] values = {1, 500, 1, 20, 7, 90, 91};
      for (int i = 0; i < values.length; i++) {
        merge.setInt(i + 1, values[i]);
      }
      assertEquals(1, merge.executeUpdate());
      assertEquals("1 10, 2 507, 3 30", table(one));
      merge.setInt(1, 1000);
      assertEquals(1, merge.executeUpdate());
      assertEquals("1 10, 2 507, 3 30, 90 91", table(one));
    }
    try (PreparedStatement upsert =
        one.prepareStatement(
            "INSERT INTO t (n, id) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET n = t.n + ?")) {
      upsert.setInt(1, 1);
      upsert.setInt(2, 90);
      upsert.setInt(3, 9);
      upsert.addBatch();
      upsert.setInt(2, 4);
      upsert.addBatch();
      assertArrayEquals(new int[] {1, 1}, upsert.executeBatch());
      assertEquals("1 10, 2 507, 3 30, 4 1, 90 100", table(one));
    }
    try (PreparedStatement update =
        one.prepareStatement("UPDATE t SET n = ?, id = id + ? WHERE id = ?")) {
      update.setInt(1, 5);
      update.setInt(2, 100);
      update.setInt(3, 4);
      assertEquals(1, update.executeUpdate());
      assertEquals("104 5", rows(one, "SELECT * FROM t WHERE id > 100"));
    }
  }

  @Test
  void writersThatRaceLoseNothing() throws Exception {
    int threads = 8;
    int each = 10;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Callable<?> work =
            () -> {
              try (Connection own = connect()) {
                run(own, "SET retry_timeout = 60");
                for (int k = 0; k < each; k++) {
                  assertEquals(1, run(own, "UPDATE t SET n = n + 1 WHERE id = 2"));
                }
              }
              return null;
            };
        done.add(pool.submit(work));
      }
      for (Future<?> future : done) {
        future.get();
      }
    }
    assertEquals("1 10, 2 " + (20 + threads * each) + ", 3 30", table(one));
  }

  @Test
  void executeUpdateRefusesAQuery() throws SQLException {
    fails("22023", one, "SELECT 1");
    try (PreparedStatement query = one.prepareStatement("SELECT * FROM t")) {
      assertEquals("22023", assertThrows(SQLException.class, query::executeUpdate).getSQLState());
    }
  }

  @Test
  void copyIsPartOfATransactionOrRunsAgain() throws Exception {
    Path file = Files.writeString(folder.resolve("rows.csv"), "id,n\n4,40\n5,50\n");
    String copy = "COPY t FROM '" + file + "'";
    one.setAutoCommit(false);
    run(one, "DELETE FROM t WHERE id < 3");
    assertEquals(2, run(one, copy));
    assertEquals("3 30, 4 40, 5 50", table(one));
    assertEquals("1 10, 2 20, 3 30", table(two));
    one.rollback();
    assertEquals("1 10, 2 20, 3 30", table(one));
    run(one, copy);
    one.commit();
    assertEquals("1 10, 2 20, 3 30, 4 40, 5 50", table(two));
    one.setReadOnly(true);
    fails("25006", one, copy);
  }

  @Test
  void explainAnalyzeOfAChangeIsPartOfATransactionAndCountsRows() throws SQLException {
    one.setAutoCommit(false);
    String plan = rows(one, "EXPLAIN ANALYZE UPDATE t SET n = 0 WHERE id > 1");
    assertTrue(plan.contains("total: rows changed=2, "), plan);
    assertEquals("1 10, 2 0, 3 0", table(one));
    assertEquals("1 10, 2 20, 3 30", table(two));
    one.rollback();
    assertEquals("1 10, 2 20, 3 30", table(one));
    one.setAutoCommit(true);
    run(one, "BEGIN READ ONLY");
    fails("25006", one, "EXPLAIN ANALYZE DELETE FROM t");
    run(one, "ROLLBACK");
    run(one, "BEGIN");
    String nodes =
        "INSERT INTO bindspace.nodes (addr, fingerprint, label) VALUES (?, text_fingerprint('x'), 'x')";
    fails("25000", one, "EXPLAIN ANALYZE " + nodes.replace("?", "40009"));
    run(one, "ROLLBACK");
    try (PreparedStatement insert = one.prepareStatement(nodes)) {
      for (int address = 40_000; address < 40_003; address++) {
        insert.setInt(1, address);
        assertEquals(1, insert.executeUpdate());
      }
    }
  }

  @Test
  void copiesThatRaceForKeysAreAllAdded() throws Exception {
    run(one, "CREATE TABLE keyed (id BIGINT NOT NULL, n INTEGER, PRIMARY KEY (id) ENFORCED)");
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<Long>> added = new ArrayList<>();
      for (int w = 0; w < 3; w++) {
        int writer = w;
        added.add(threads.submit(() -> copy(writer, 4)));
      }
      for (Future<Long> each : added) {
        assertEquals(4, each.get());
      }
    }
    assertEquals("12 12", rows(two, "SELECT COUNT(*), COUNT(DISTINCT id) FROM keyed"));
  }

  private long copy(int writer, int rounds) throws Exception {
    long added = 0;
    try (Connection connection = connect()) {
      for (int i = 0; i < rounds; i++) {
        Path file = folder.resolve("rows-" + writer + "-" + i + ".csv");
        Files.writeString(file, "id,n\n" + (writer * 100 + i) + ",1\n");
        added += run(connection, "COPY keyed FROM '" + file + "'");
      }
    }
    return added;
  }

  @Test
  void arrowRowsArePartOfATransaction() throws Exception {
    BindConnection arrow = one.unwrap(BindConnection.class);
    one.setAutoCommit(false);
    run(one, "DELETE FROM t WHERE id < 3");
    try (ArrowReader rows = arrow.executeArrow("SELECT id + 5 AS id, n FROM t")) {
      assertEquals(1, arrow.insertArrow("t", rows));
    }
    assertEquals("3 30, 8 30", table(one));
    assertEquals("1 10, 2 20, 3 30", table(two));
    one.commit();
    assertEquals("3 30, 8 30", table(two));
  }
}
