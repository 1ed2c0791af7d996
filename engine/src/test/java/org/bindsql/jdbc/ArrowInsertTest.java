package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.bindsql.AllTypes;
import org.bindsql.type.CellReader;
import org.bindsql.vector.ArrowMemory;
import org.bindsql.vector.BatchArrowReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rows of Arrow readers added to tables, in one commit or not at all. */
class ArrowInsertTest {
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

  private static long count(Connection connection, String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Test
  void insertsEveryType() throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        BufferAllocator allocator = ArrowMemory.root()) {
      statement.executeUpdate("CREATE TABLE u AS SELECT * FROM t WHERE id < 0");
      try (ArrowReader rows =
          new BatchArrowReader(
              allocator, AllTypes.SCHEMA, AllTypes.reader(AllTypes.SCHEMA, ROWS, 5, allocator))) {
        assertEquals(ROWS, arrow(connection).insertArrow("main.u", rows));
      }
      try (ArrowReader left = arrow(connection).executeArrow("SELECT * FROM t");
          ArrowReader right = arrow(connection).executeArrow("SELECT * FROM u")) {
        assertEquals(read(left), read(right));
      }
      try (ArrowReader own = arrow(connection).executeArrow("SELECT * FROM t")) {
        assertEquals(ROWS, arrow(connection).insertArrow("u", own));
      }
      assertEquals(2 * ROWS, count(connection, "u"));
    }
  }

  @Test
  void readsAStreamOfAnotherAllocator() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Connection connection = DriverManager.getConnection(url);
        ArrowReader result = arrow(connection).executeArrow("SELECT id, utf8 FROM t");
        ArrowStreamWriter writer =
            new ArrowStreamWriter(result.getVectorSchemaRoot(), null, Channels.newChannel(bytes))) {
      while (result.loadNextBatch()) {
        writer.writeBatch();
      }
      writer.end();
    }
    try (Connection connection = DriverManager.getConnection(url);
        BufferAllocator allocator = ArrowMemory.root();
        ArrowReader rows =
            new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), allocator)) {
      assertEquals(ROWS, arrow(connection).insertArrow("t", rows));
      assertEquals(2 * ROWS, count(connection, "t"));
      try (Statement statement = connection.createStatement();
          ResultSet nulls = statement.executeQuery("SELECT COUNT(*) FROM t WHERE i64 IS NULL")) {
        nulls.next();
        assertTrue(nulls.getLong(1) >= ROWS);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42703 | u | SELECT id, utf8 AS strange FROM t",
        "42804 | u | SELECT utf8 AS id FROM t",
        "42804 | u | SELECT id, f64 AS f32 FROM t",
        "23502 | u | SELECT utf8 FROM t",
        "23502 | u | SELECT i64 AS id FROM t",
        "22023 | u | SELECT id, id AS ID FROM t",
        "22003 | u | SELECT id, i32 AS i8 FROM t",
        "42P01 | nowhere | SELECT id FROM t",
        "0A000 | bindspace.nodes | SELECT id FROM t",
        "42601 | (t | SELECT id FROM t",
        "XX001 | u | SELECT 10 / (id - 300) AS id FROM t"
      })
  void anInsertThatFailsAddsNothing(String sqlState, String table, String sql) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.executeUpdate("CREATE TABLE u AS SELECT * FROM t WHERE id < 0");
      try (ArrowReader rows = arrow(connection).executeArrow(sql)) {
        SQLException failure =
            assertThrows(SQLException.class, () -> arrow(connection).insertArrow(table, rows));
        assertEquals(sqlState, failure.getSQLState(), failure.getMessage());
      }
      assertEquals(0, count(connection, "u"));
    }
  }

  @Test
  void readOnlyConnectionsRefuseToInsert() throws Exception {
    try (Connection connection = DriverManager.getConnection(url + ";readOnly=true");
        ArrowReader rows = arrow(connection).executeArrow("SELECT id FROM t")) {
      SQLException failure =
          assertThrows(SQLException.class, () -> arrow(connection).insertArrow("t", rows));
      assertEquals("25006", Objects.requireNonNull(failure.getSQLState()));
    }
  }
}
