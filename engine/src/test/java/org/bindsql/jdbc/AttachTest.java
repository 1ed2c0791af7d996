package org.bindsql.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attached folders, and secrets, which nothing shows. */
class AttachTest {
  private static final String CANARY = "CaNaRy17";

  @TempDir Path folder;
  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("main"));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private int run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(sql);
    }
  }

  private List<String> rows(String sql) throws SQLException {
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

  private void assertState(String state, String sql) {
    SQLException e = assertThrows(SQLException.class, () -> run(sql), sql);
    assertEquals(state, e.getSQLState(), () -> sql + ": " + e.getMessage());
  }

  @Test
  void attachedFoldersAreSchemas() throws SQLException {
    Path other = folder.resolve("other");
    run("ATTACH '" + other + "' AS Shop");
    assertTrue(Files.notExists(other)); // until there is a table
    run("CREATE TABLE shop.goods AS SELECT * FROM (VALUES (1, 'tea'), (2, 'ink')) AS v(id, name)");
    run("CREATE TABLE orders AS SELECT 2 AS goods_id");
    assertEquals(
        List.of("ink"), rows("SELECT name FROM SHOP.goods g JOIN orders o ON g.id = o.goods_id"));
    assertEquals(List.of("Shop,lance," + other + ",false"), rows("SHOW ATTACHED"));
    assertEquals(List.of("Shop,goods,BASE TABLE"), rows("SHOW TABLES FROM shop"));
    run("DROP TABLE shop.goods");
    run("DETACH shop");
    assertEquals(List.of(), rows("SELECT * FROM system.attached"));
    assertState("42P01", "SELECT * FROM shop.goods");
    assertState("3F000", "DETACH shop");
    run("DETACH IF EXISTS shop");
  }

  @Test
  void attachmentsAreOfTheConnection() throws SQLException {
    run("ATTACH '" + folder.resolve("other") + "' AS other");
    try (Connection second =
            DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("main"));
        Statement statement = second.createStatement();
        ResultSet rows = statement.executeQuery("SHOW ATTACHED")) {
      assertFalse(rows.next());
    }
  }

  @Test
  void readOnlyAttachmentsAreNotWritten() throws SQLException {
    Path other = folder.resolve("other");
    run("ATTACH '" + other + "' AS rw");
    run("CREATE TABLE rw.t AS SELECT 1 AS x");
    run("ATTACH 'file://" + other + "' AS ro (TYPE lance, READ_ONLY)");
    run("ATTACH '" + other + "' AS ro2 READ ONLY");
    for (String schema : List.of("ro", "ro2")) {
      assertEquals(List.of("1"), rows("SELECT x FROM " + schema + ".t"));
      assertState("25006", "CREATE TABLE " + schema + ".u AS SELECT 1 AS x");
      assertState("25006", "CREATE OR REPLACE TABLE " + schema + ".t AS SELECT 2 AS x");
      assertState("25006", "DROP TABLE " + schema + ".t");
      assertState("25006", "CREATE INDEX i ON " + schema + ".t USING BTREE (x)");
      assertState("25006", "VACUUM " + schema + ".t WITH (older_than_seconds = 0)");
      assertState("25006", "CALL system.repair_table('" + schema + "', 't')");
    }
    assertEquals(List.of("1"), rows("SELECT x FROM rw.t"));
  }

  @Test
  void historyOfAttachedTables() throws SQLException {
    run("ATTACH '" + folder.resolve("other") + "' AS a");
    run("CREATE TABLE a.t AS SELECT 1 AS x");
    run("INSERT INTO a.t VALUES (2)");
    assertEquals(2, rows("SHOW VERSIONS FROM a.t").size());
    assertEquals(
        List.of("a,1", "a,2"),
        rows(
            "SELECT table_schema, version FROM system.versions WHERE table_name = 't'"
                + " ORDER BY version"));
  }

  @Test
  void whatCannotBeAttached() throws SQLException, IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    run("CREATE TABLE t AS SELECT 1 AS x");
    run("ATTACH '" + folder + "' AS a");
    run("ATTACH IF NOT EXISTS 'http://nowhere' AS a");
    assertState("42P06", "ATTACH '" + folder + "' AS A");
    assertState("42P06", "ATTACH '" + folder + "' AS main");
    assertState("42P06", "ATTACH '" + folder + "' AS system");
    assertState("22023", "ATTACH '" + file + "' AS b");
    assertState("22023", "ATTACH '" + folder.resolve("main/t.lance") + "' AS b");
    assertState("22023", "ATTACH '" + folder.resolve("none") + "' AS b READ ONLY");
    assertState("22023", "ATTACH '" + folder + "' AS b (region 'x')");
    assertState("22023", "ATTACH 's3://b/x' AS b (no_such_option 'x')");
    assertState("22023", "ATTACH 's3://b/x' AS b (endpoint 'http://localhost:1', key_id 'x')");
    assertState("0A000", "ATTACH 'http://localhost/x' AS b");
    assertState("0A000", "ATTACH 'memory://x' AS b");
    assertState("0A000", "ATTACH 'x' AS b (TYPE sqlite)");
    assertState("42501", "ATTACH '' AS b");
    assertState("42501", "ATTACH 's3://user:pw@b/x' AS b");
    assertState("3F000", "DETACH main");
  }

  @Test
  void aConfinedConnectionAttachesWithinItsRoots() throws SQLException, IOException {
    Files.createDirectories(folder.resolve("main/sub"));
    connection.close();
    connection =
        DriverManager.getConnection(
            "jdbc:bindsql:path=%s;policy.roots=%s;policy.stores=;policy.options="
                .formatted(folder.resolve("main"), folder.resolve("main")));
    run("ATTACH 'sub' AS part");
    run("CREATE TABLE part.t AS SELECT 1 AS x");
    assertTrue(Files.isDirectory(folder.resolve("main/sub/t.lance")));
    assertState("42501", "ATTACH '" + folder + "' AS b");
    assertState("42501", "ATTACH '../other' AS b");
    assertState("42501", "ATTACH 's3://bucket/x' AS b");
    assertState("42501", "CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET 'y')");
  }

  @Test
  void secretsAreListedWithoutTheirValues() throws SQLException {
    run("CREATE SECRET a (TYPE s3, KEY_ID 'k', SECRET '" + CANARY + "')");
    run(
        "CREATE SECRET b (TYPE lance, PROVIDER config, SCOPE 's3://b/pre/', REGION = 'auto',"
            + " 'aws_secret_access_key' = '"
            + CANARY
            + "', ALLOW_HTTP true)");
    run("CREATE SECRET c (TYPE azure, PROVIDER credential_chain, ACCOUNT_NAME 'acc')");
    run("CREATE SECRET d (TYPE gcs, SCOPE 'gs://', SERVICE_ACCOUNT_KEY '{\"a\": \"b\"}')");
    assertEquals(
        List.of(
            "a,s3,null,config",
            "b,s3,s3://b/pre,config",
            "c,azure,null,credential_chain",
            "d,gcs,gs://,config"),
        rows("SHOW SECRETS"));
    run("CREATE SECRET IF NOT EXISTS A (TYPE gcs)");
    assertEquals("a,s3,null,config", rows("SELECT * FROM system.secrets").getFirst());
    run("CREATE OR REPLACE SECRET A (TYPE hf, TOKEN 'x')");
    assertEquals("A,hf,null,config", rows("SHOW SECRETS").getFirst());
    run("DROP SECRET a");
    run("DROP SECRET IF EXISTS a");
    assertState("22023", "DROP SECRET a");
    assertEquals(3, rows("SHOW SECRETS").size());
  }

  /** Statements in which the canary is a value, stands where another word should, or is cut off. */
  private static final List<String> WITH_SECRET =
      List.of(
          "CREATE SECRET s (TYPE s3, SECRET '%s') x",
          "CREATE SECRET s (TYPE s3 '%s')",
          "CREATE SECRET s (TYPE s3, SECRET '%s",
          "CREATE SECRET s (TYPE s3, SECRET \"%s\"",
          "CREATE SECRET s TYPE s3, SECRET '%s'",
          "CREAT SECRET s (TYPE s3, SECRET '%s')",
          "CREATE SECRE s (TYPE s3, SECRET_ACCESS_KEY '%s')",
          "CREATE SECRET s (TYPE s3, '%s' 'x')",
          "CREATE SECRET s (TYPE s3, \"%s\" 'x')",
          "CREATE SECRET s (TYPE '%s')",
          "CREATE SECRET s (TYPE s3, PROVIDER '%s')",
          "CREATE SECRET s (TYPE s3, PROVIDER env, SECRET '%s')",
          "CREATE SECRET s (TYPE s3, SCOPE 'http://u:%s@host')",
          "CREATE SECRET s (TYPE s3, SCOPE 's3://u:%s@host/x')",
          "CREATE SECRET s (TYPE s3, SCOPE 's3://b/x?X-Amz-Signature=%s')",
          "CREATE SECRET s (TYPE s3, ALLOW_HTTP '%s')",
          "CREATE SECRET s (TYPE s3, USE_SSL '%s')",
          "CREATE SECRET s (TYPE s3, URL_STYLE '%s')",
          "CREATE SECRET s (TYPE s3, ENDPOINT 'https://u:%s@host')",
          "CREATE SECRET s (TYPE s3, ENDPOINT 'https://host/?sig=%s')",
          "CREATE SECRET s (TYPE s3, ENDPOINT 'https://a b%s')",
          "CREATE SECRET s (TYPE s3, SECRET '%s', SECRET 'x')",
          "CREATE SECRET s (TYPE s3, SECRET '%s', TOKEN NULL)",
          "CREATE SECRET s (TYPE s3, SECRET '%s', NO_SUCH 'x')",
          "CREATE SECRET IF NOT s (TYPE s3, SECRET '%s')",
          "EXPLAIN CREATE SECRET s (TYPE s3, SECRET '%s')",
          "EXPLAIN PLAN FOR CREATE SECRET s (TYPE s3, SECRET '%s')",
          "EXPLAIN ANALYZE CREATE SECRET s (TYPE s3, SECRET '%s')",
          "SELECT * FROM (CREATE SECRET s (TYPE s3, SECRET '%s'))",
          "ATTACH 's3://b/x' AS a (SECRET '%s', NO_SUCH 'x')",
          "ATTACH 's3://b/x' AS a WITH (SECRET = '%s', ALLOW_HTTP = 7)",
          "ATTACH 's3://b/x' AS a WITH (SECRET = '%s', ENDPOINT 'http://h')",
          "ATTACH 's3://b/x' AS a WITH (SECRET = '%s'",
          "ATTACH 's3://b/x' a (SECRET '%s')",
          "ATTACH 'x' AS a (SECRET '%s')",
          "ATTACH 's3://b/x' AS main (SECRET '%s')",
          "ATTACH 's3://b/x' AS a (TYPE '%s')",
          "ATTACH 's3://b/x' AS a (READ_ONLY '%s')",
          "ATTACH 's3://u:%s@b/x' AS a",
          "ATTACH 'https://u:%s@b/x?sig=%<s' AS a",
          "ATTACH 's3://b/x?X-Amz-Signature=%s' AS a",
          "ATTACH 'http://b/x?password=%s' AS a");

  @Test
  void noFailureShowsASecret() {
    for (String template : WITH_SECRET) {
      String sql = template.formatted(CANARY);
      SQLException e = assertThrows(SQLException.class, () -> run(sql), sql);
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace, true));
      assertFalse(trace.toString().contains(CANARY), () -> sql + "\n" + trace);
      assertFalse("XX000".equals(e.getSQLState()), () -> sql + "\n" + trace);
    }
  }

  @Test
  void nothingToBeReadShowsASecret() throws SQLException {
    run("CREATE SECRET s (TYPE s3, KEY_ID '" + CANARY + "', SECRET '" + CANARY + "')");
    StringBuilder seen = new StringBuilder();
    for (String sql :
        List.of(
            "SHOW SECRETS",
            "SHOW ATTACHED",
            "SELECT * FROM system.secrets",
            "SELECT * FROM system.settings",
            "SELECT * FROM information_schema.tables",
            "EXPLAIN PLAN FOR SELECT * FROM system.secrets",
            "EXPLAIN ANALYZE SELECT * FROM system.secrets")) {
      seen.append(rows(sql));
    }
    seen.append(connection.getMetaData().getURL()).append(connection);
    assertFalse(seen.toString().contains(CANARY), seen::toString);
  }

  @Test
  void optionsInTheUrlAreNotShown() {
    String url =
        "jdbc:bindsql:path=s3://bucket/db;storage.secret_access_key=" + CANARY + ";storage.x=1";
    SQLException e = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace, true));
    assertEquals("22023", e.getSQLState());
    assertFalse(trace.toString().contains(CANARY), trace::toString);
  }
}
