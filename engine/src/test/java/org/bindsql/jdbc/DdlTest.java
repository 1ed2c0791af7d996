package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.schema.LanceField;

/** CREATE, ALTER and DROP of tables, views and schemas: types, races, reopening, damage. */
class DdlTest {
  @TempDir Path folder;
  private String url = "";

  @BeforeEach
  void url() {
    url = "jdbc:bindsql:path=" + folder.resolve("db");
  }

  private static List<String> rows(Statement statement, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= columns; i++) {
          row.append(i == 1 ? "" : "|").append(result.getString(i));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  private static void execute(Statement statement, String... statements) throws SQLException {
    for (String sql : statements) {
      statement.execute(sql);
    }
  }

  private static String state(Statement statement, String sql) {
    return assertThrows(SQLException.class, () -> statement.execute(sql)).getSQLState();
  }

  /** A type, an expression of one of its values, and how SQL and Arrow show the value. */
  private record TypeCase(String type, String value, String sql, String arrow) {}

  private static final List<TypeCase> TYPES =
      List.of(
          new TypeCase("BOOLEAN", "TRUE", "true", "true"),
          new TypeCase("TINYINT", "-128", "-128", "-128"),
          new TypeCase("SMALLINT", "32767", "32767", "32767"),
          new TypeCase("INT", "-2147483648", "-2147483648", "-2147483648"),
          new TypeCase(
              "BIGINT", "9223372036854775807", "9223372036854775807", "9223372036854775807"),
          new TypeCase("TINYINT UNSIGNED", "255", "255", "-1"),
          new TypeCase("USMALLINT", "65535", "65535", "\uffff"),
          new TypeCase("UINTEGER", "4294967295", "4294967295", "-1"),
          new TypeCase("UBIGINT", "18446744073709551615", "18446744073709551615", "-1"),
          new TypeCase("REAL", "CAST(3.4028235E38 AS REAL)", "3.4028235E38", "3.4028235E38"),
          new TypeCase("DOUBLE", "4.9E-324", "4.9E-324", "4.9E-324"),
          new TypeCase("FLOAT", "0.1E0", "0.1", "0.1"),
          new TypeCase("HALF", "CAST(0.333E0 AS REAL)", "0.3330078", "13652"),
          new TypeCase(
              "DECIMAL(38, 10)",
              "-1234567890123456789012345678.0123456789",
              "-1234567890123456789012345678.0123456789",
              "-1234567890123456789012345678.0123456789"),
          new TypeCase("CHAR(3)", "'a'", "a", "a"),
          new TypeCase("VARCHAR(20)", "'Größe 😀'", "Größe 😀", "Größe 😀"),
          new TypeCase("BINARY(3)", "X'00FF10'", "00FF10", "[0, -1, 16]"),
          new TypeCase("VARBINARY", "X''", "", "[]"),
          new TypeCase("DATE", "DATE '1600-02-29'", "1600-02-29", "-135081"),
          new TypeCase("TIME(0)", "TIME '23:59:59'", "23:59:59", "86399"),
          new TypeCase("TIME(9)", "TIME '23:59:59'", "23:59:59.000", "86399000000000"),
          new TypeCase(
              "TIMESTAMP(3)",
              "TIMESTAMP '1900-01-01 00:00:00.123'",
              "1900-01-01 00:00:00.123",
              "1900-01-01T00:00:00.123"),
          new TypeCase(
              "TIMESTAMP",
              "TIMESTAMP '2026-11-20 12:34:56.789'",
              "2026-11-20 12:34:56.789",
              "2026-11-20T12:34:56.789"),
          new TypeCase("INT ARRAY", "ARRAY[1, 2]", "[1, 2]", "[1,2]"),
          new TypeCase("VARCHAR ARRAY ARRAY", "ARRAY[ARRAY['a']]", "[[a]]", "[[\"a\"]]"),
          new TypeCase(
              "VECTOR(2)",
              "ARRAY[CAST(0.5 AS REAL), CAST(-1 AS REAL)]",
              "[0.5, -1.0]",
              "[0.5,-1.0]"));

  /** Columns of every type hold NULL and an extreme value; lance-core alone reads the same. */
  @Test
  void typesRoundTrip() throws Exception {
    StringBuilder columns = new StringBuilder("id INT NOT NULL");
    StringBuilder values = new StringBuilder("SELECT 1");
    StringBuilder nulls = new StringBuilder("2");
    for (int i = 0; i < TYPES.size(); i++) {
      TypeCase type = TYPES.get(i);
      columns.append(", c").append(i).append(' ').append(type.type());
      values.append(", ").append(type.value());
      nulls.append(", NULL");
    }
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      execute(
          statement,
          "CREATE TABLE t (" + columns + ")",
          "INSERT INTO t " + values,
          "INSERT INTO t VALUES (" + nulls + ")");
      try (ResultSet row = statement.executeQuery("SELECT * FROM t ORDER BY id")) {
        assertTrue(row.next());
        for (int i = 0; i < TYPES.size(); i++) {
          assertEquals(TYPES.get(i).sql(), row.getString(i + 2), TYPES.get(i).type());
        }
        assertTrue(row.next());
        for (int i = 0; i < TYPES.size(); i++) {
          assertEquals(null, row.getString(i + 2), TYPES.get(i).type());
        }
      }
    }
    try (BufferAllocator allocator = new RootAllocator();
        Dataset dataset =
            Dataset.open()
                .allocator(allocator)
                .uri(folder.resolve("db/t.lance").toString())
                .build();
        LanceScanner scanner = dataset.newScan();
        ArrowReader reader = scanner.scanBatches()) {
      assertTrue(reader.loadNextBatch());
      VectorSchemaRoot batch = reader.getVectorSchemaRoot();
      for (int i = 0; i < TYPES.size(); i++) {
        FieldVector vector = batch.getVector("c" + i);
        assertEquals(TYPES.get(i).arrow(), text(vector.getObject(0)), TYPES.get(i).type());
      }
    }
  }

  private static String text(Object value) {
    return value instanceof byte[] bytes ? java.util.Arrays.toString(bytes) : String.valueOf(value);
  }

  /** What no value of the type is, is refused. */
  @Test
  void outOfRange() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      execute(statement, "CREATE TABLE t (h HALF, u UTINYINT, v VECTOR(2))");
      assertEquals("22003", state(statement, "INSERT INTO t (h) VALUES (CAST(70000 AS REAL))"));
      assertEquals("22003", state(statement, "INSERT INTO t (u) VALUES (256)"));
      assertEquals("22003", state(statement, "INSERT INTO t (u) VALUES (-1)"));
      assertEquals("22023", state(statement, "INSERT INTO t (v) SELECT ARRAY[CAST(1 AS REAL)]"));
      assertEquals(List.of("0"), rows(statement, "SELECT COUNT(*) FROM t"));
    }
  }

  /** Metadata is what other readers of Lance know. */
  @Test
  void metadataIsLances() throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      execute(
          statement,
          "CREATE TABLE t (a INT, b INT COMMENT 'second', c VARCHAR, PRIMARY KEY (b, a) ENFORCED)"
              + " COMMENT 'x' WITH (c.lance.compression = 'zstd', data_storage_version = '2.2',"
              + " stable_row_ids = true, max_rows_per_file = 7)");
    }
    try (BufferAllocator allocator = new RootAllocator();
        Dataset dataset =
            Dataset.open()
                .allocator(allocator)
                .uri(folder.resolve("db/t.lance").toString())
                .build()) {
      List<LanceField> fields = dataset.getLanceSchema().fields();
      assertEquals(2, fields.get(0).getUnenforcedPrimaryKeyPosition().orElse(0));
      assertEquals(1, fields.get(1).getUnenforcedPrimaryKeyPosition().orElse(0));
      assertEquals("enforced", fields.get(1).getMetadata().get("bindsql:primary-key"));
      assertEquals("second", fields.get(1).getMetadata().get("comment"));
      assertEquals(Map.of("lance-encoding:compression", "zstd"), fields.get(2).getMetadata());
      assertEquals("2.2", dataset.getLanceFileFormatVersion());
      assertTrue(dataset.hasStableRowIds());
      assertEquals("7", dataset.getConfig().get("bindsql.max_rows_per_file"));
    }
  }

  /** Runs the work once in each of some threads, all at once. */
  private static void race(int threads, Callable<Void> work) throws Exception {
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Void>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        futures.add(pool.submit(work));
      }
      for (Future<Void> future : futures) {
        future.get();
      }
    }
  }

  @Test
  void oneOfManyCreatesTheTable() throws Exception {
    AtomicInteger created = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    try (Connection keep = DriverManager.getConnection(url)) {
      race(
          4,
          () -> {
            try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
              for (int i = 0; i < 5; i++) {
                try {
                  statement.execute("CREATE TABLE t" + i + " (id INT)");
                  created.incrementAndGet();
                } catch (SQLException e) {
                  assertEquals("42P07", e.getSQLState(), e.getMessage());
                  refused.incrementAndGet();
                }
                statement.execute("CREATE TABLE IF NOT EXISTS u" + i + " (id INT)");
                statement.execute("CREATE VIEW IF NOT EXISTS v" + i + " AS SELECT * FROM u" + i);
                statement.execute("CREATE SCHEMA IF NOT EXISTS s" + i);
              }
            }
            return null;
          });
      assertEquals(5, created.get());
      assertEquals(15, refused.get());
      try (Statement statement = keep.createStatement()) {
        assertEquals(
            List.of("15"),
            rows(
                statement,
                "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'main'"));
      }
    }
  }

  @Test
  void reopen() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      execute(
          statement,
          "CREATE SCHEMA lab",
          "CREATE TABLE lab.t (id INT PRIMARY KEY ENFORCED, a INT)",
          "INSERT INTO lab.t VALUES (1, 2)",
          "COMMENT ON COLUMN lab.t.a IS 'value'",
          "CREATE VIEW lab.v AS SELECT a FROM lab.t");
      connection.setSchema("lab");
      execute(statement, "CREATE VIEW u AS SELECT a + 1 AS b FROM v");
    }
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      assertEquals(List.of("3"), rows(statement, "SELECT b FROM lab.u"));
      assertEquals("23505", state(statement, "INSERT INTO lab.t VALUES (1, 3)"));
      assertEquals(
          List.of("lab|t|PRIMARY KEY|YES"),
          rows(
              statement,
              "SELECT table_schema, table_name, constraint_type, enforced"
                  + " FROM information_schema.table_constraints"));
      assertEquals(
          List.of("value"),
          rows(
              statement,
              "SELECT column_comment FROM information_schema.columns"
                  + " WHERE table_schema = 'lab' AND table_name = 't' AND column_name = 'a'"));
    }
  }

  @Test
  void damagedViewFailsAlone() throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      execute(statement, "CREATE VIEW good AS SELECT 1 AS x", "CREATE VIEW bad AS SELECT 2 AS x");
      Files.writeString(folder.resolve("db/bad.view"), "query=SELECT 1");
      assertEquals("XX001", state(statement, "SELECT * FROM bad"));
      assertEquals(List.of("1"), rows(statement, "SELECT * FROM good"));
      assertEquals(
          List.of("bad", "good"),
          rows(
              statement,
              "SELECT table_name FROM information_schema.tables WHERE table_type = 'VIEW'"));
      assertEquals(
          List.of("good"),
          rows(
              statement,
              "SELECT table_name FROM information_schema.columns WHERE table_schema = 'main'"));
      execute(statement, "DROP VIEW bad", "CREATE VIEW bad AS SELECT 3 AS x");
      assertEquals(List.of("3"), rows(statement, "SELECT * FROM bad"));
    }
  }

  /** The statement that SHOW CREATE TABLE gives makes the table that gives it. */
  @Test
  void showCreateRoundTrip() throws SQLException {
    StringBuilder columns = new StringBuilder("id INT NOT NULL COMMENT 'it''s the key'");
    for (int i = 0; i < TYPES.size(); i++) {
      columns.append(", \"c \"\"").append(i).append("\" ").append(TYPES.get(i).type());
    }
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      execute(
          statement,
          "CREATE TABLE t ("
              + columns
              + ", s ROW(x INT, \"y z\" VARCHAR ARRAY), m MAP<VARCHAR, INT>, PRIMARY KEY (id)"
              + " ENFORCED) COMMENT 'all' WITH (s.lance.compression = 'zstd',"
              + " stable_row_ids = true, max_rows_per_file = 100)");
      String shown = rows(statement, "SHOW CREATE TABLE t").getFirst();
      execute(statement, "DROP TABLE t", shown);
      assertEquals(shown, rows(statement, "SHOW CREATE TABLE t").getFirst());
    }
  }
}
