package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetaDataTest {
  private Connection connection;
  private DatabaseMetaData metaData;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:bindsql:");
    metaData = connection.getMetaData();
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE things AS SELECT 1 AS id, CAST(NULL AS VARCHAR) AS name, X'00FF' AS code,"
              + " CAST(1.5 AS DECIMAL(10, 2)) AS price");
    }
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static List<String> column(ResultSet rows, String column) throws SQLException {
    List<String> values = new ArrayList<>();
    try (rows) {
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(column)));
      }
    }
    return values;
  }

  @Test
  void tables() throws SQLException {
    try (ResultSet rows = metaData.getTables(null, "main", "thing%", new String[] {"TABLE"})) {
      assertTrue(rows.next());
      assertEquals(null, rows.getString("TABLE_CAT"));
      assertEquals("main", rows.getString("TABLE_SCHEM"));
      assertEquals("things", rows.getString("TABLE_NAME"));
      assertEquals("TABLE", rows.getString("TABLE_TYPE"));
      assertFalse(rows.next());
    }
    assertTrue(column(metaData.getTables(null, null, null, null), "TABLE_NAME").contains("nodes"));
    assertEquals(
        List.of(),
        column(metaData.getTables(null, "main", "%", new String[] {"VIEW"}), "TABLE_NAME"));
    assertTrue(column(metaData.getTableTypes(), "TABLE_TYPE").contains("TABLE"));
  }

  @Test
  void columns() throws SQLException {
    try (ResultSet rows = metaData.getColumns(null, "main", "things", "%")) {
      assertTrue(rows.next());
      assertEquals("id", rows.getString("COLUMN_NAME"));
      assertEquals(Types.INTEGER, rows.getInt("DATA_TYPE"));
      assertEquals("NO", rows.getString("IS_NULLABLE"));
      assertEquals(1, rows.getInt("ORDINAL_POSITION"));
      assertTrue(rows.next());
      assertEquals(Types.VARCHAR, rows.getInt("DATA_TYPE"));
      assertEquals("YES", rows.getString("IS_NULLABLE"));
      assertTrue(rows.next());
      assertEquals(Types.BINARY, rows.getInt("DATA_TYPE"));
      assertEquals(2, rows.getInt("COLUMN_SIZE"));
      assertTrue(rows.next());
      assertEquals(10, rows.getInt("COLUMN_SIZE"));
      assertEquals(2, rows.getInt("DECIMAL_DIGITS"));
      assertEquals(4, rows.getInt("ORDINAL_POSITION"));
      assertFalse(rows.next());
    }
    assertEquals(
        List.of("code"), column(metaData.getColumns(null, "main", "things", "co%"), "COLUMN_NAME"));
  }

  @Test
  void schemasCatalogsTypesFunctions() throws SQLException {
    assertEquals(
        List.of("bindspace", "information_schema", "main", "system"),
        column(metaData.getSchemas(), "TABLE_SCHEM"));
    assertEquals(List.of("main"), column(metaData.getSchemas(null, "ma%"), "TABLE_SCHEM"));
    assertTrue(column(metaData.getTypeInfo(), "TYPE_NAME").contains("BINARY"));
    assertTrue(
        column(metaData.getFunctions(null, null, "hamming%"), "FUNCTION_NAME")
            .contains("hamming_distance"));
    assertEquals(List.of(), column(metaData.getCatalogs(), "TABLE_CAT"));
    assertEquals(List.of(), column(metaData.getPrimaryKeys(null, "main", "things"), "COLUMN_NAME"));
    assertEquals(
        List.of(), column(metaData.getImportedKeys(null, "main", "things"), "FKCOLUMN_NAME"));
    assertEquals(
        List.of(),
        column(metaData.getIndexInfo(null, "main", "things", false, true), "INDEX_NAME"));
    assertEquals(List.of(), column(metaData.getProcedures(null, null, "%"), "PROCEDURE_NAME"));
  }

  @Test
  void keysAndComments() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TABLE k (v VARCHAR COMMENT 'it''s the value', b INTEGER NOT NULL, a BIGINT NOT NULL,"
              + " PRIMARY KEY (b, a))");
      statement.execute("COMMENT ON TABLE k IS 'two keys'");
    }
    try (ResultSet rows = metaData.getPrimaryKeys(null, "main", "k")) {
      assertTrue(rows.next());
      assertEquals(null, rows.getString("TABLE_CAT"));
      assertEquals("main", rows.getString("TABLE_SCHEM"));
      assertEquals("k", rows.getString("TABLE_NAME"));
      assertEquals("a", rows.getString("COLUMN_NAME"));
      assertEquals(2, rows.getShort("KEY_SEQ"));
      assertEquals("PRIMARY", rows.getString("PK_NAME"));
      assertTrue(rows.next());
      assertEquals("b", rows.getString("COLUMN_NAME"));
      assertEquals(1, rows.getShort("KEY_SEQ"));
      assertFalse(rows.next());
    }
    assertEquals(
        List.of("a", "b"), column(metaData.getPrimaryKeys(null, null, "k"), "COLUMN_NAME"));
    assertEquals(List.of(), column(metaData.getPrimaryKeys(null, "bindspace", "k"), "COLUMN_NAME"));
    assertEquals(List.of(), column(metaData.getPrimaryKeys(null, null, "'"), "COLUMN_NAME"));
    SQLException nameless =
        assertThrows(SQLException.class, () -> metaData.getPrimaryKeys(null, null, null));
    assertEquals("22023", nameless.getSQLState());
    assertEquals(
        List.of("two keys"), column(metaData.getTables(null, "main", "k", null), "REMARKS"));
    assertEquals(
        List.of("null"), column(metaData.getTables(null, "main", "things", null), "REMARKS"));
    assertEquals(
        List.of("it's the value", "null", "null"),
        column(metaData.getColumns(null, "main", "k", "%"), "REMARKS"));
  }

  @Test
  void damagedTablesAreListedWithoutColumns(@TempDir Path folder) throws Exception {
    try (Connection damaged = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = damaged.createStatement()) {
      statement.execute("CREATE TABLE good AS SELECT 1 AS id");
      Files.createDirectories(folder.resolve("bad.lance/_versions"));
      Files.write(folder.resolve("bad.lance/_versions/1.manifest"), new byte[] {1});
      DatabaseMetaData all = damaged.getMetaData();
      assertEquals(
          Set.of("bad", "good"),
          Set.copyOf(column(all.getTables(null, "main", "%", null), "TABLE_NAME")));
      assertEquals(List.of("good"), column(all.getColumns(null, "main", "%", "%"), "TABLE_NAME"));
      assertEquals(List.of(), column(all.getPrimaryKeys(null, "main", "bad"), "COLUMN_NAME"));
    }
  }

  @Test
  void product() throws SQLException {
    assertEquals("BindSQL", metaData.getDatabaseProductName());
    assertEquals("BindSQL JDBC Driver", metaData.getDriverName());
    assertEquals("\"", metaData.getIdentifierQuoteString());
    assertEquals("jdbc:bindsql:", metaData.getURL());
    assertEquals(connection, metaData.getConnection());
    assertFalse(metaData.supportsGetGeneratedKeys());
    assertFalse(metaData.isReadOnly());
    assertTrue(metaData.supportsUnionAll());
    assertTrue(metaData.getMaxConnections() >= 0);
  }

  @Test
  void resultSetsDescribeTheirColumns() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT code, price AS cost FROM things")) {
      assertEquals(Types.BINARY, rows.getMetaData().getColumnType(1));
      assertEquals(2, rows.getMetaData().getPrecision(1));
      assertEquals("cost", rows.getMetaData().getColumnLabel(2));
      assertEquals(2, rows.getMetaData().getScale(2));
      assertEquals("things", rows.getMetaData().getTableName(1));
    }
  }
}
