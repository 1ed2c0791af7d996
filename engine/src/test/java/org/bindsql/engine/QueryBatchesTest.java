package org.bindsql.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.jdbc.CalciteConnection;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.bindsql.AllTypes;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results as batches: those of the plan where it ends in batches, packed rows elsewhere. */
class QueryBatchesTest {
  @TempDir Path folder;

  private String url = "";

  @BeforeEach
  void makeTable() {
    url = "jdbc:bindsql:path=" + folder;
    AllTypes.write(folder, "t", 500, 11);
  }

  private interface Work {
    void on(QueryBatches query, Supplier<BatchReader> run, AtomicBoolean cancelled);
  }

  /** Prepares a query and closes the database, which fails if memory is left. */
  private static void with(String url, String sql, Work work) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      CalcitePrepare.Context context =
          connection.unwrap(CalciteConnection.class).createPrepareContext();
      QueryBatches query = new BindPrepare().prepareBatches(context, sql);
      AtomicBoolean cancelled = new AtomicBoolean();
      work.on(query, () -> query.open(context.getDataContext(), List.of(), cancelled), cancelled);
    }
  }

  private static String print(@Nullable Object value) {
    return Arrays.deepToString(new @Nullable Object[] {value});
  }

  private static List<List<String>> read(QueryBatches query, Supplier<BatchReader> run) {
    List<List<String>> rows = new ArrayList<>();
    try (BatchReader reader = run.get()) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        List<CellReader> cells = new ArrayList<>();
        for (int c = 0; c < batch.columns().size(); c++) {
          Field field = query.schema().getFields().get(c);
          FieldVector vector = batch.column(c);
          assertEquals(field.getType(), vector.getField().getType(), field.getName());
          cells.add(CellReader.of(vector));
        }
        for (int i = 0; i < batch.selection().count(); i++) {
          int row = batch.selection().position(i);
          rows.add(cells.stream().map(cell -> print(cell.get(row))).toList());
        }
      }
    }
    return rows;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "true  | SELECT * FROM t",
        "true  | SELECT * FROM t WHERE bool",
        "true  | SELECT id, vector, utf8 FROM t WHERE i8 > 0 ORDER BY id LIMIT 50",
        "true  | SELECT vector, id AS n, id AS m FROM t ORDER BY f64, id LIMIT 5",
        "true  | SELECT bool, COUNT(*), SUM(i32), MIN(utf8), MAX(i16) FROM t GROUP BY bool",
        "true  | SELECT utf8 AS b, i32 > 0 AS c FROM t",
        "true  | SELECT 1 AS one, 'x' AS x, X'0A' AS b FROM t LIMIT 3",
        "true  | SELECT addr, label, fingerprint FROM bindspace.surface",
        "false | SELECT CAST(i8 AS VARCHAR) AS b, CASE WHEN bool THEN 1 END AS c FROM t",
        "false | SELECT utf8, vector FROM t ORDER BY id",
        "false | SELECT id, u8 FROM t WHERE FALSE",
        "true  | SELECT 1 AS x",
        "false | SELECT ARRAY[1, 2] AS a, ROW(1, 'x') AS r, MAP['k', 1.5] AS m, DATE '2020-01-01' AS d"
      })
  void bothPathsAgree(boolean direct, String sql) throws SQLException {
    List<List<List<String>>> results = new ArrayList<>();
    List<Schema> schemas = new ArrayList<>();
    for (String planner : List.of("default", "reference")) {
      for (int batchSize : new int[] {3, 4096}) {
        with(
            url + ";planner=" + planner + ";batchSize=" + batchSize,
            sql,
            (query, run, cancelled) -> {
              assertEquals(direct && planner.equals("default"), query.isDirect(), planner);
              results.add(read(query, run).stream().sorted(byText()).toList());
              schemas.add(query.schema());
            });
      }
    }
    for (int i = 1; i < results.size(); i++) {
      assertEquals(results.getFirst().size(), results.get(i).size(), sql);
      for (int row = 0; row < results.getFirst().size(); row++) {
        assertEquals(results.getFirst().get(row), results.get(i).get(row), sql);
      }
      assertEquals(schemas.getFirst(), schemas.get(i), sql);
    }
  }

  private static java.util.Comparator<List<String>> byText() {
    return java.util.Comparator.comparing(Object::toString);
  }

  @Test
  void joinsAndSortsKeepTheTypesOfStoredColumns() throws SQLException {
    with(
        url,
        "SELECT a.vector, b.u8, a.large_utf8, a.id + b.id FROM t AS a JOIN t AS b ON a.id = b.id"
            + " ORDER BY b.f16",
        (query, run, cancelled) -> {
          assertFalse(query.isDirect());
          assertEquals(
              List.of("FixedSizeList(4)", "Int(8, false)", "LargeUtf8", "Int(64, true)"),
              query.schema().getFields().stream().map(f -> f.getType().toString()).toList());
          assertEquals(500, read(query, run).size());
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "reference"})
  void maxRowsCancelAndMemoryLimitHold(String planner) throws SQLException {
    String base = url + ";batchSize=10;planner=" + planner;
    with(
        base + ";max_rows=20",
        "SELECT id FROM t",
        (query, run, cancelled) -> fails(query, run, "53400"));
    with(
        base + ";max_rows=20",
        "SELECT id FROM t LIMIT 20",
        (query, run, cancelled) -> assertEquals(20, read(query, run).size()));
    with(
        base + ";memory_limit=100000",
        "SELECT * FROM bindspace.surface ORDER BY label",
        (query, run, cancelled) -> {
          Throwable failure = assertThrows(RuntimeException.class, () -> read(query, run));
          assertEquals("53400", org.bindsql.jdbc.SqlErrors.of(failure).getSQLState());
        });
    with(
        base,
        "SELECT id FROM t",
        (query, run, cancelled) -> {
          try (BatchReader reader = run.get()) {
            reader.next();
            cancelled.set(true);
            BindSqlException failure = assertThrows(BindSqlException.class, reader::next);
            assertEquals(ErrorCode.CANCELLED, failure.code());
          }
        });
  }

  private static void fails(QueryBatches query, Supplier<BatchReader> run, String state) {
    BindSqlException failure = assertThrows(BindSqlException.class, () -> read(query, run));
    assertEquals(state, failure.code().sqlState());
  }

  @Test
  void failuresInTheMiddleGiveBackAllMemory() throws SQLException {
    for (String planner : List.of("default", "reference")) {
      with(
          url + ";batchSize=10;planner=" + planner,
          "SELECT 1 / (id - 400) AS x FROM t",
          (query, run, cancelled) -> assertThrows(RuntimeException.class, () -> read(query, run)));
    }
  }

  @Test
  void onlyQueriesHaveBatches() {
    BindSqlException failure =
        assertThrows(
            BindSqlException.class, () -> with(url, "DROP TABLE t", (query, run, cancelled) -> {}));
    assertEquals(ErrorCode.NOT_SUPPORTED, failure.code());
  }

  @Test
  void createTableAsKeepsArrowTypesAndTakesParameters() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        PreparedStatement create =
            connection.prepareStatement("CREATE TABLE u AS SELECT * FROM t WHERE id < ?")) {
      create.setLong(1, 123);
      assertEquals(123, create.executeUpdate());
      assertEquals(
          77,
          statement.executeUpdate(
              "CREATE TABLE v AS SELECT t.* FROM t JOIN u ON u.id = t.id WHERE t.id < 77"));
    }
    for (String table : List.of("u", "v")) {
      with(
          url,
          "SELECT * FROM " + table,
          (query, run, cancelled) ->
              assertEquals(
                  AllTypes.SCHEMA.getFields().stream().map(Field::getType).toList(),
                  query.schema().getFields().stream().map(Field::getType).toList()));
    }
  }
}
