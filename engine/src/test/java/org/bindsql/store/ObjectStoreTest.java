package org.bindsql.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bindsql.store.FaultyNetwork.Fault;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tables in an object store, over S3's protocol. */
@Timeout(60)
class ObjectStoreTest {
  private static StoreServer store;
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private final String prefix = "db" + PREFIXES.incrementAndGet();

  @BeforeAll
  static void start() throws Exception {
    store = new StoreServer();
  }

  @AfterAll
  static void stop() throws Exception {
    store.close();
  }

  @AfterEach
  void mendNetwork() {
    store.network.faults(request -> Fault.NONE);
  }

  private Connection connect(String... more) throws SQLException {
    Properties properties = store.connection(prefix);
    for (int i = 0; i < more.length; i += 2) {
      properties.setProperty(more[i], more[i + 1]);
    }
    return DriverManager.getConnection("jdbc:bindsql:", properties);
  }

  private static int run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join(",", row));
      }
    }
    return rows;
  }

  /** The failure's SQLState; fails if the failure shows a credential anywhere. */
  private static String state(SQLException e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace, true));
    assertFalse(trace.toString().contains("CaNaRy17"), trace::toString);
    return e.getSQLState();
  }

  @Test
  void everyKindOfStatement() throws SQLException {
    try (Connection c = connect()) {
      assertEquals(List.of(), rows(c, "SHOW TABLES FROM main"));
      run(
          c,
          "CREATE TABLE t AS SELECT * FROM (VALUES (1, 'a', X'00ff'), (2, 'b', X'0001'),"
              + " (3, 'c', X'ffff')) AS v(id, name, code)");
      assertEquals(3, run(c, "INSERT INTO t SELECT id + 10, name, code FROM t"));
      assertEquals(1, run(c, "UPDATE t SET name = 'z' WHERE id = 2"));
      assertEquals(1, run(c, "DELETE FROM t WHERE id = 13"));
      assertEquals(
          List.of("1,a", "2,z", "3,c"),
          rows(c, "SELECT id, name FROM t WHERE id < 10 ORDER BY id"));
      assertEquals(
          List.of("2", "12"),
          rows(c, "SELECT id FROM t ORDER BY hamming_distance(code, X'0000'), id LIMIT 2"));
      assertEquals(List.of("3"), rows(c, "SELECT COUNT(*) FROM t FOR VERSION AS OF 1"));
      run(c, "CREATE INDEX t_id ON t USING BTREE (id)");
      assertEquals(List.of("z"), rows(c, "SELECT name FROM t WHERE id = 2"));
      run(c, "CREATE OR REPLACE TABLE t AS SELECT 7 AS x");
      run(c, "INSERT INTO t VALUES (8), (9)");
    }
    try (Connection c = connect("readOnly", "true")) {
      assertEquals(List.of("7", "8", "9"), rows(c, "SELECT x FROM t ORDER BY x"));
      assertEquals("25006", state(assertThrows(SQLException.class, () -> run(c, "DROP TABLE t"))));
    }
    try (Connection c = connect()) {
      assertEquals(List.of("main,t,BASE TABLE"), rows(c, "SHOW TABLES FROM main"));
      assertEquals(
          "42P07",
          state(assertThrows(SQLException.class, () -> run(c, "CREATE TABLE T AS SELECT 1 AS x"))));
      run(c, "DROP TABLE t");
      assertEquals(List.of(), rows(c, "SHOW TABLES FROM main"));
      assertEquals("42P01", state(assertThrows(SQLException.class, () -> run(c, "DROP TABLE t"))));
      run(c, "CREATE TABLE t AS SELECT 'new' AS x");
      assertEquals(List.of("new"), rows(c, "SELECT * FROM t"));
    }
  }

  /** Connections of programs of their own: the option makes the databases different. */
  private List<Connection> programs(int count) throws SQLException {
    List<Connection> connections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      connections.add(connect("storage.timeout", (60 + i) + "s"));
    }
    return connections;
  }

  private static void close(List<Connection> connections) throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }

  private static <T> List<Future<T>> together(List<Callable<T>> work) throws InterruptedException {
    try (ExecutorService threads = Executors.newFixedThreadPool(work.size())) {
      return threads.invokeAll(work);
    }
  }

  @Test
  void writersAtTheSameTimeLoseNoCommit() throws Exception {
    List<Connection> writers = programs(2);
    try {
      run(writers.get(0), "CREATE TABLE t AS SELECT -1 AS x");
      List<Callable<Integer>> work = new ArrayList<>();
      for (int w = 0; w < writers.size(); w++) {
        int first = w * 100;
        Connection writer = writers.get(w);
        work.add(() -> {
          for (int i = 0; i < 8; i++) {
            run(writer, "INSERT INTO t VALUES (" + (first + i) + ")");
          }
          return first;
        });
      }
      for (Future<Integer> done : together(work)) {
        done.get();
      }
      for (Connection writer : writers) {
        assertEquals(List.of("17,17"), rows(writer, "SELECT COUNT(*), COUNT(DISTINCT x) FROM t"));
      }
    } finally {
      close(writers);
    }
  }

  @Test
  void oneOfTwoCreators() throws Exception {
    List<Connection> creators = programs(2);
    try {
      for (int round = 0; round < 4; round++) {
        String sql = "CREATE TABLE t" + round + " AS SELECT 1 AS x";
        List<Callable<String>> work = new ArrayList<>();
        for (Connection creator : creators) {
          work.add(() -> {
            try {
              run(creator, sql);
              return "made";
            } catch (SQLException e) {
              return state(e);
            }
          });
        }
        List<String> outcomes = new ArrayList<>();
        for (Future<String> done : together(work)) {
          outcomes.add(done.get());
        }
        outcomes.sort(null);
        assertEquals(List.of("42P07", "made"), outcomes);
        assertEquals(List.of("1"), rows(creators.get(0), "SELECT x FROM t" + round));
      }
    } finally {
      close(creators);
    }
  }

  @Test
  void aSlowAndUnreliableNetworkChangesNothing() throws SQLException {
    AtomicInteger requests = new AtomicInteger();
    store.network.faults(request ->
        switch (requests.incrementAndGet() % 8) {
          case 3 -> Fault.BUSY;
          case 6 -> Fault.LOST;
          default -> Fault.LATE;
        });
    try (Connection c = connect()) {
      run(c, "CREATE TABLE t AS SELECT 1 AS x");
      run(c, "INSERT INTO t VALUES (2), (3)");
      run(c, "DELETE FROM t WHERE x = 1");
      assertEquals(List.of("2", "3"), rows(c, "SELECT x FROM t ORDER BY x"));
      assertEquals(List.of("main,t,BASE TABLE"), rows(c, "SHOW TABLES FROM main"));
    }
    assertTrue(requests.get() > 8);
  }

  /** The store takes the commit, and its answer gets lost: asked again it refuses its own. */
  @Test
  void aCommitWhoseAnswerIsLostHappensOnce() throws SQLException {
    try (Connection c = connect()) {
      run(c, "CREATE TABLE t AS SELECT 0 AS x");
      AtomicInteger lost = new AtomicInteger();
      for (int i = 1; i <= 4; i++) {
        AtomicBoolean once = new AtomicBoolean(true);
        store.network.faults(request -> {
          boolean commit = request.startsWith("PUT") && request.contains("_versions");
          if (commit && once.getAndSet(false)) {
            lost.incrementAndGet();
            return Fault.UNANSWERED;
          }
          return Fault.NONE;
        });
        run(c, "INSERT INTO t VALUES (" + i + ")");
      }
      assertEquals(4, lost.get());
      assertEquals(List.of("5,5"), rows(c, "SELECT COUNT(*), COUNT(DISTINCT x) FROM t"));
    }
  }

  @Test
  void failuresAreToldWithoutSecrets() throws SQLException {
    String[][] cases = {
      {"42501", "storage.secret", "WRONG-CaNaRy17"},
      {"42501", "storage.key_id", "NOBODY-CaNaRy17"},
      {"3F000", "path", "s3://no-such-bucket/db"},
      {"58030", "storage.endpoint", "http://127.0.0.1:1"},
    };
    for (String[] wrong : cases) {
      try (Connection c = connect("storage.client_max_retries", "1", wrong[1], wrong[2])) {
        for (String sql :
            List.of(
                "SELECT * FROM t",
                "SHOW TABLES FROM main",
                "CREATE TABLE t AS SELECT 1 AS x",
                "DROP TABLE t",
                "INSERT INTO t VALUES (1)",
                "EXPLAIN SELECT * FROM t")) {
          SQLException e = assertThrows(SQLException.class, () -> rows(c, sql), sql);
          assertEquals(wrong[0], state(e), () -> sql + ": " + e.getMessage());
        }
      }
    }
    SQLException e = assertThrows(SQLException.class, () -> connect("storage.allow_http", "false"));
    assertEquals("22023", state(e));
    assertTrue(String.valueOf(e.getMessage()).contains("ALLOW_HTTP"), e.getMessage());
  }

  @Test
  void secretsOpenWhatIsBelowTheirScope() throws SQLException {
    String connection =
        "ENDPOINT '%s', USE_SSL false".formatted(store.endpoint().substring("http://".length()));
    try (Connection c = DriverManager.getConnection("jdbc:bindsql:")) {
      run(
          c,
          "CREATE SECRET wrong (TYPE s3, KEY_ID 'x', SECRET 'x', %s, client_max_retries '1')"
              .formatted(connection));
      String good = "KEY_ID '%s', SECRET '%s'".formatted(StoreServer.KEY_ID, StoreServer.SECRET);
      run(
          c,
          "CREATE SECRET s (TYPE s3, SCOPE 's3://bucket/%s/', %s, %s)"
              .formatted(prefix, good, connection));
      run(c, "ATTACH 's3://bucket/%s' AS lake".formatted(prefix));
      run(c, "CREATE TABLE lake.t AS SELECT 1 AS x");
      run(c, "ATTACH 's3://bucket/%s/' AS ro READ ONLY".formatted(prefix));
      assertEquals(List.of("1"), rows(c, "SELECT a.x FROM ro.t a JOIN lake.t b ON a.x = b.x"));
      for (String sql :
          List.of(
              "INSERT INTO ro.t VALUES (2)",
              "UPDATE ro.t SET x = 2",
              "DELETE FROM ro.t",
              "DROP TABLE ro.t",
              "CREATE TABLE ro.u AS SELECT 1 AS x")) {
        assertEquals("25006", state(assertThrows(SQLException.class, () -> run(c, sql), sql)), sql);
      }
      assertEquals(
          List.of("1"), rows(c, "SELECT x FROM 's3://bucket/%s/t.lance'".formatted(prefix)));
      // One letter more is another folder, for which the other secret is.
      SQLException e =
          assertThrows(
              SQLException.class, () -> run(c, "ATTACH 's3://bucket/%sx' AS b".formatted(prefix)));
      assertEquals("42501", state(e));
      run(c, "ATTACH 's3://bucket/%sx' AS b WITH (%s)".formatted(prefix, good));
      String seen =
          rows(c, "SHOW SECRETS").toString()
              + rows(c, "SHOW ATTACHED")
              + rows(c, "EXPLAIN SELECT * FROM lake.t WHERE x = 1")
              + rows(c, "EXPLAIN ANALYZE SELECT * FROM lake.t")
              + rows(c, "SELECT * FROM information_schema.tables")
              + rows(c, "SELECT * FROM information_schema.columns");
      assertFalse(seen.contains("CaNaRy17"), seen);
      // What is attached stays so without its secret.
      run(c, "DROP SECRET s");
      run(c, "INSERT INTO lake.t VALUES (2)");
      assertEquals(List.of("2"), rows(c, "SELECT COUNT(*) FROM lake.t"));
    }
  }

  @Test
  void aStatementAsksFewQuestions() throws SQLException {
    try (Connection c = connect()) {
      run(c, "CREATE TABLE t AS SELECT 1 AS x");
      rows(c, "SELECT x FROM t");
      store.network.requests();
      rows(c, "SELECT x FROM t WHERE x = 1");
      List<String> requests = store.network.requests();
      assertTrue(requests.size() <= 8, requests::toString);
    }
  }

  @Test
  void historyIsKeptInTheStore() throws Exception {
    try (Connection c = connect()) {
      run(c, "CREATE TABLE t AS SELECT 1 AS k");
      run(c, "CREATE TAG first ON t");
      run(c, "INSERT INTO t VALUES (2)");
      run(c, "CREATE BRANCH dev ON t");
      run(c, "INSERT INTO \"t:dev\" VALUES (3)");
      run(c, "DELETE FROM \"t:dev\" WHERE k = 1");
      assertEquals(List.of("1"), rows(c, "SELECT k FROM t FOR VERSION AS OF 1"));
      assertEquals(List.of("1"), rows(c, "SELECT k FROM t FOR VERSION AS OF 'first'"));
      assertEquals(List.of("2", "3"), rows(c, "SELECT k FROM \"t:dev\" ORDER BY k"));
      assertEquals(List.of("1", "2"), rows(c, "SELECT k FROM t ORDER BY k"));
      assertEquals(
          List.of("1", "2"),
          rows(c, "SELECT k FROM t FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP ORDER BY k"));
      assertEquals(
          List.of("5"), rows(c, "SELECT COUNT(*) FROM system.versions WHERE table_name = 't'"));
      assertEquals(
          "22023", state(assertThrows(SQLException.class, () -> rows(c, "SELECT * FROM \"t:9\""))));
      run(c, "RESTORE TABLE t TO TAG first");
      assertEquals(List.of("1"), rows(c, "SELECT k FROM t"));
      run(c, "DROP TAG first ON t");
      run(c, "DROP BRANCH dev ON t");
      assertEquals(
          "22023",
          state(assertThrows(SQLException.class, () -> rows(c, "SELECT * FROM \"t:dev\""))));
    }
  }
}
