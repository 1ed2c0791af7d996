package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.jdbc.BindConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Changes of a table that is dropped and made anew all the time: none of them goes to the wrong
 * table, or leaves half a table behind.
 */
class DropRaceTest {
  /** How often the table is made anew. */
  private static final int GENERATIONS = 6;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO t SELECT id + 10, generation FROM t",
        "UPDATE t SET id = id + 1",
        "DELETE FROM t WHERE id > 2",
        "MERGE INTO t USING (SELECT id, generation FROM t) AS s ON t.id = s.id"
            + " WHEN MATCHED THEN UPDATE SET generation = s.generation",
        "BEGIN; INSERT INTO t SELECT id + 10, generation FROM t; COMMIT",
        "ALTER TABLE t ADD COLUMN c INTEGER; ALTER TABLE t DROP COLUMN c",
        "ALTER TABLE t ALTER COLUMN id SET DATA TYPE BIGINT",
        "COMMENT ON TABLE t IS 'c'",
        "TRUNCATE TABLE t; INSERT INTO t SELECT 1, generation FROM t",
        "CREATE OR REPLACE TABLE t AS SELECT id, generation FROM t",
        "CREATE INDEX i ON t USING BTREE (id); DROP INDEX i ON t",
        "INSERT INTO t SELECT id + 10, generation FROM t; OPTIMIZE t",
        "VACUUM t",
        "RESTORE TABLE t TO VERSION 1",
        "CREATE TAG a ON t; DROP TAG a ON t"
      })
  void changesGoToTheTableThatTheyRead(String changes) throws Exception {
    String url = "jdbc:bindsql:path=" + folder + ";retry_timeout=0";
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      create(statement, 0);
      Runner runner = new Runner(url, changes.split("; "), done);
      Future<Integer> first = threads.submit(runner::run);
      Future<Integer> second = threads.submit(runner::run);
      for (int generation = 1; generation <= GENERATIONS; generation++) {
        statement.execute("DROP TABLE t");
        create(statement, generation);
        TimeUnit.MILLISECONDS.sleep(generation * 5);
        try (ResultSet rows = statement.executeQuery("SELECT generation FROM t")) {
          while (rows.next()) {
            assertEquals(generation, rows.getInt(1), changes);
          }
        }
      }
      done.set(true);
      assertTrue(first.get() + second.get() > 0, "no change was made");
      statement.execute("DROP TABLE t");
      try (Stream<Path> left = Files.list(folder)) {
        assertEquals(List.of(), left.map(Path::getFileName).map(Path::toString).toList());
      }
    } finally {
      done.set(true);
      threads.shutdown();
      assertTrue(threads.awaitTermination(60, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t",
        "SELECT id FROM t WHERE name LIKE 'a%'",
        "SELECT COUNT(*) FROM t WHERE id > 1",
        "SELECT id FROM t ORDER BY hamming_distance(code, X'0000000000000000') LIMIT 1",
        "SELECT id, name FROM t WHERE id > 1"
            + " ORDER BY hamming_distance(code, X'0000000000000000') LIMIT 1",
        "UPDATE t SET id = id + 1 WHERE id > 1",
        "INSERT INTO t SELECT * FROM t"
      })
  void aTransactionIsToldThatItsTableWasMadeAnew(String sql) throws SQLException {
    String create =
        "CREATE TABLE t AS SELECT id, name, X'00000000000000FF' AS code"
            + " FROM (VALUES (1, 'a'), (2, 'b')) AS v (id, name)";
    String url = "jdbc:bindsql:path=" + folder;
    try (Connection connection = DriverManager.getConnection(url);
        Connection other = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        Statement dropping = other.createStatement()) {
      dropping.execute(create);
      statement.execute("BEGIN");
      statement.execute("SELECT COUNT(*) FROM t");
      dropping.execute("DROP TABLE t");
      dropping.execute(create);
      SQLException e = assertThrows(SQLException.class, () -> run(statement, sql));
      assertEquals("40001", e.getSQLState(), e.getMessage());
      statement.execute("ROLLBACK");
      run(statement, sql);
    }
  }

  private static void run(Statement statement, String sql) throws SQLException {
    if (statement.execute(sql)) {
      try (ResultSet rows = statement.getResultSet()) {
        while (rows.next()) {
          rows.getObject(1);
        }
      }
    }
  }

  @Test
  void aDropThatWaitsCanBeCancelled() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch going = new CountDownLatch(1);
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Connection other = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = other.createStatement();
        BufferAllocator allocator = new RootAllocator();
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      statement.execute("CREATE TABLE t (id INTEGER)");
      BindConnection arrow = connection.unwrap(BindConnection.class);
      Future<Long> insert =
          threads.submit(() -> {
            try (ArrowReader rows = new Numbers(allocator, begun, going)) {
              return arrow.insertArrow("t", rows);
            }
          });
      assertTrue(begun.await(60, TimeUnit.SECONDS));
      statement.setQueryTimeout(1);
      for (String drop : List.of("DROP TABLE t", "DROP TABLE IF EXISTS t")) {
        SQLException e = assertThrows(SQLException.class, () -> statement.execute(drop));
        assertEquals("57014", e.getSQLState(), e.getMessage());
      }
      going.countDown();
      assertEquals(2, insert.get());
      statement.setQueryTimeout(0);
      try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t")) {
        rows.next();
        assertEquals(2, rows.getInt(1));
      }
      statement.execute("DROP TABLE t");
    } finally {
      going.countDown();
    }
  }

  /** Two batches of one number; the second waits. */
  private static final class Numbers extends ArrowReader {
    private final CountDownLatch begun;
    private final CountDownLatch going;
    private int batches;

    Numbers(BufferAllocator allocator, CountDownLatch begun, CountDownLatch going) {
      super(allocator);
      this.begun = begun;
      this.going = going;
    }

    @Override
    public boolean loadNextBatch() throws IOException {
      prepareLoadNextBatch();
      if (++batches == 2) {
        begun.countDown();
        try {
          going.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      VectorSchemaRoot root = getVectorSchemaRoot();
      root.allocateNew();
      ((IntVector) root.getVector(0)).setSafe(0, batches);
      root.setRowCount(1);
      return batches <= 2;
    }

    @Override
    public long bytesRead() {
      return 0;
    }

    @Override
    protected void closeReadSource() {}

    @Override
    protected Schema readSchema() {
      return new Schema(List.of(Field.nullable("id", new ArrowType.Int(32, true))));
    }
  }

  private static void create(Statement statement, int generation) throws SQLException {
    statement.execute(
        "CREATE TABLE t AS SELECT id, %d AS generation FROM (VALUES (1), (2), (3)) AS v (id)"
            .formatted(generation));
  }

  private record Runner(String url, String[] changes, AtomicBoolean done) {
    /** Makes changes until it is done; returns how many there were. */
    int run() throws SQLException {
      int made = 0;
      try (Connection connection = DriverManager.getConnection(url);
          Statement statement = connection.createStatement()) {
        while (!done.get()) {
          for (String change : changes) {
            try {
              statement.execute(change);
              made++;
            } catch (SQLException e) { // what it read has gone, or is not there yet
              if (changes[0].equals("BEGIN")) {
                rollBack(statement);
              }
              break;
            }
          }
        }
      }
      return made;
    }

    private static void rollBack(Statement statement) {
      try {
        statement.execute("ROLLBACK");
      } catch (SQLException e) {
        return; // COMMIT failed, and ended it
      }
    }
  }
}
