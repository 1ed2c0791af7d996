package org.bindsql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** EXPLAIN ANALYZE says where the fingerprints were. */
class ResidenceTest {
  private static final int WIDTH = 512;
  private static final Pattern ITEM = Pattern.compile("fingerprints=([^,]*),");

  @TempDir Path folder;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void create() throws SQLException {
    List<LanceFixture.Row> rows = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      rows.add(new LanceFixture.Row(i, code(i), i % 10, null));
    }
    LanceFixture.write(folder, "t", WIDTH, rows);
    connection = DriverManager.getConnection("jdbc:bindsql:maintenance=off;path=" + folder);
    statement = connection.createStatement();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static byte[] code(int seed) {
    byte[] code = new byte[WIDTH];
    new Random(seed).nextBytes(code);
    return code;
  }

  private String residence(String query) throws SQLException {
    StringBuilder plan = new StringBuilder();
    try (ResultSet result = statement.executeQuery("EXPLAIN ANALYZE " + query)) {
      while (result.next()) {
        plan.append(result.getString(1)).append('\n');
      }
    }
    Matcher item = ITEM.matcher(plan);
    return item.find() ? item.group(1) : plan.toString();
  }

  private static String nearest(int seed, String where) {
    return "SELECT id FROM t %s ORDER BY hamming_distance(code, X'%s') LIMIT 1"
        .formatted(where, java.util.HexFormat.of().formatHex(code(seed)));
  }

  @Test
  void firstReadThenResident() throws SQLException {
    assertEquals("resident (read first)", residence(nearest(1, "")));
    assertEquals("resident", residence(nearest(2, "")));
    assertEquals("resident", residence(nearest(2, "WHERE id < 500")));
    assertEquals(
        "resident",
        residence(
            "SELECT COUNT(*) FROM t AS a JOIN t AS b ON hamming_distance(a.code, b.code) < 9"));
  }

  @Test
  void streamedAndWhy() throws SQLException {
    assertEquals(
        "streamed (the first search with a filter)", residence(nearest(1, "WHERE id < 9")));
    assertEquals("resident (read first)", residence(nearest(1, "WHERE id < 9")));
    statement.execute("SET fingerprint_cache = 0");
    assertEquals("streamed (fingerprint_cache is 0)", residence(nearest(1, "")));
    statement.execute("SET fingerprint_cache = '100KB'");
    assertEquals("streamed (fingerprint_cache is too small)", residence(nearest(1, "")));
    statement.execute("DELETE FROM t");
    assertEquals("streamed (no rows)", residence(nearest(1, "")));
  }

  @Test
  void coldWhereOnlySketchesFit() throws SQLException {
    statement.execute("SET fingerprint_cache = '100KB'");
    statement.execute("SET hdr.recall = 0.9999");
    assertEquals("cold (read first)", residence(nearest(1, "")));
    assertEquals("cold", residence(nearest(1, "")));
  }
}
