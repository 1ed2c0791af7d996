package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.AllTypes;
import org.bindsql.type.CellReader;
import org.bindsql.vector.ArrowMemory;
import org.bindsql.vector.BatchArrowReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results as Arrow batches; every connection must close with its memory at zero. */
class ArrowResultTest {
  private static final int ROWS = 500;

  @TempDir Path folder;

  private String url = "";

  @BeforeEach
  void makeTable() {
    url = "jdbc:bindsql:path=" + folder + ";batchSize=64";
    AllTypes.write(folder, "t", ROWS, 5);
  }

  private static BindConnection arrow(Connection connection) throws SQLException {
    assertTrue(connection.isWrapperFor(BindConnection.class));
    return connection.unwrap(BindConnection.class);
  }

  private static List<String> read(ArrowReader reader) throws IOException {
    List<String> rows = new ArrayList<>();
    while (reader.loadNextBatch()) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      List<CellReader> cells = root.getFieldVectors().stream().map(CellReader::of).toList();
      for (int i = 0; i < root.getRowCount(); i++) {
        int row = i;
        rows.add(Arrays.deepToString(cells.stream().map(cell -> cell.get(row)).toArray()));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(strings = {"default", "reference"})
  void streamsEveryType(String planner) throws Exception {
    List<String> expected;
    try (BufferAllocator allocator = ArrowMemory.root();
        ArrowReader written =
            new BatchArrowReader(
                allocator, AllTypes.SCHEMA, AllTypes.reader(AllTypes.SCHEMA, ROWS, 5, allocator))) {
      expected = read(written);
    }
    try (Connection connection = DriverManager.getConnection(url + ";planner=" + planner);
        ArrowReader result = arrow(connection).executeArrow("SELECT * FROM t")) {
      List<Field> fields = result.getVectorSchemaRoot().getSchema().getFields();
      assertEquals(
          AllTypes.SCHEMA.getFields().stream().map(Field::getType).toList(),
          fields.stream().map(Field::getType).toList());
      assertEquals(expected, read(result));
      assertFalse(result.loadNextBatch());
    }
  }

  @Test
  void aPreparedQueryRunsWithItsParametersOnTheRowsOfNow() throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE u AS SELECT id FROM t WHERE id < 10");
      ArrowStatement query = arrow(connection).prepareArrow("SELECT id FROM u WHERE id >= ?");
      try (ArrowResult all = query.execute(0);
          ArrowResult some = query.execute(8)) {
        assertEquals(List.of("[8]", "[9]"), read(some));
        assertEquals(10, read(all).size());
      }
      statement.execute("INSERT INTO u VALUES (77)");
      try (ArrowResult rows = query.execute(8)) {
        assertEquals(List.of("[8]", "[9]", "[77]"), read(rows));
      }
      SQLException none = assertThrows(SQLException.class, () -> query.execute().close());
      assertEquals("22023", none.getSQLState());
    }
  }

  @Test
  void aPreparedQueryFailsWhenColumnsChangeAndWhenItsConnectionIsClosed() throws Exception {
    ArrowStatement query;
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE u AS SELECT id FROM t WHERE id < 10");
      query = arrow(connection).prepareArrow("SELECT * FROM u");
      query.execute().close();
      statement.execute("ALTER TABLE u ADD COLUMN more INTEGER");
      SQLException stale = assertThrows(SQLException.class, () -> query.execute().close());
      assertEquals("40001", stale.getSQLState());
      SQLException noQuery =
          assertThrows(SQLException.class, () -> arrow(connection).prepareArrow("DROP TABLE u"));
      assertEquals("0A000", noQuery.getSQLState());
    }
    SQLException closed = assertThrows(SQLException.class, () -> query.execute().close());
    assertEquals("08003", closed.getSQLState());
  }

  @Test
  void batchesOutliveTheNextOneWhereTheirBuffersAreRetained() throws Exception {
    for (String sql : List.of("SELECT id FROM t", "SELECT id FROM t ORDER BY utf8, id")) {
      try (Connection connection = DriverManager.getConnection(url);
          ArrowResult result = arrow(connection).executeArrow(sql)) {
        result.loadNextBatch();
        FieldVector vector = result.getVectorSchemaRoot().getVector(0);
        var pair = vector.getTransferPair(vector.getAllocator());
        pair.splitAndTransfer(0, vector.getValueCount());
        try (BigIntVector kept = (BigIntVector) pair.getTo()) {
          long first = kept.get(0);
          result.loadNextBatch();
          assertEquals(first, kept.get(0), sql);
        }
      }
    }
  }

  @Test
  void takesParametersAndSettings() throws Exception {
    try (Connection connection = DriverManager.getConnection(url)) {
      try (ArrowResult result =
          arrow(connection)
              .executeArrow("SELECT id FROM t WHERE id BETWEEN ? AND ? ORDER BY id", 3, 5L)) {
        assertEquals(List.of("[3]", "[4]", "[5]"), read(result));
        assertEquals(3, result.rows());
      }
      try (ArrowResult result =
          arrow(connection).executeArrow("SELECT CAST(? AS VARCHAR) AS v", (Object) null)) {
        assertEquals(List.of("[null]"), read(result));
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET max_rows = 100");
      }
      try (ArrowResult result = arrow(connection).executeArrow("SELECT id FROM t")) {
        assertEquals("53400", state(assertThrows(IOException.class, () -> read(result))));
      }
    }
  }

  private static String state(IOException failure) {
    return assertInstanceOf(SQLException.class, failure.getCause()).getSQLState();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42P01 | SELECT * FROM nowhere",
        "42703 | SELECT nothing FROM t",
        "42601 | SELECT FROM",
        "0A000 | DELETE FROM t",
        "0A000 | DROP TABLE t",
        "22023 | SELECT id FROM t WHERE id = ?"
      })
  void refusesWhatHasNoBatches(String sqlState, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(url)) {
      SQLException failure =
          assertThrows(SQLException.class, () -> arrow(connection).executeArrow(sql).close());
      assertEquals(sqlState, failure.getSQLState(), failure.getMessage());
    }
  }

  @Test
  void cancelAndTimeoutEndIt() throws Exception {
    try (Connection connection = DriverManager.getConnection(url)) {
      try (ArrowResult result = arrow(connection).executeArrow("SELECT * FROM t")) {
        assertTrue(result.loadNextBatch());
        result.cancel();
        assertEquals("57014", state(assertThrows(IOException.class, result::loadNextBatch)));
      }
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET query_timeout = 0.05");
      }
      try (ArrowResult result = arrow(connection).executeArrow("SELECT id FROM t")) {
        Thread.sleep(200);
        IOException failure = assertThrows(IOException.class, result::loadNextBatch);
        assertEquals("57014", state(failure));
        assertTrue(String.valueOf(failure.getMessage()).contains("query_timeout"));
      }
    }
  }

  @Test
  void closingTheConnectionClosesResultsLeftOpen() throws Exception {
    ArrowResult result;
    try (Connection connection = DriverManager.getConnection(url)) {
      result = arrow(connection).executeArrow("SELECT * FROM t");
      result.loadNextBatch();
    }
    assertEquals("24000", state(assertThrows(IOException.class, result::loadNextBatch)));
    result.close();
  }
}
