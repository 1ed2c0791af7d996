package org.bindsql.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DemoTest {
  private SmallDemo demo;

  @BeforeAll
  void open(@TempDir Path folder) throws SQLException {
    demo = new SmallDemo(folder);
  }

  @AfterAll
  void close() throws SQLException {
    demo.close();
  }

  private List<String> column(String sql) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = demo.connection().createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  @Test
  void theTourSucceedsAndShowsTheCascade() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean good =
        new Tour(demo.connection(), new PrintStream(out, true, StandardCharsets.UTF_8))
            .take("bindsql-data");
    String text = out.toString(StandardCharsets.UTF_8);
    assertTrue(good, text);
    String lance = section(text, "== 2.");
    assertTrue(lance.contains("HdrCascadeTopK"), lance);
    assertTrue(lance.contains("public int read(byte[]) throws IOException"), lance);
    String space = section(text, "== 3.");
    assertTrue(space.contains("HdrCascadeTopK"), space);
    assertTrue(space.contains("java:util:SortedMap"), space);
  }

  private static String section(String text, String heading) {
    int from = text.indexOf(heading);
    return text.substring(from, text.indexOf("\n== ", from + 1));
  }

  @Test
  void everyVisibleDeclarationIsARow() throws SQLException {
    long expected = SmallDemo.types().stream().mapToLong(type -> Symbol.of(type).size()).sum();
    assertEquals(List.of(expected + ""), column("SELECT COUNT(*) FROM main.symbols"));
    assertEquals(
        List.of("2048"), column("SELECT DISTINCT OCTET_LENGTH(fingerprint) FROM main.symbols"));
  }

  @Test
  void nodesFormTheTreeOfTheirNames() throws SQLException {
    assertEquals(
        List.of("java:util:Map"),
        column(
            "SELECT p.dn_path FROM bindspace.nodes AS n JOIN bindspace.nodes AS p"
                + " ON p.addr = n.parent_addr WHERE n.dn_path = 'java:util:Map:Entry'"));
    assertEquals(
        List.of("java:io:Serializable", "java:util:AbstractMap", "java:util:Map"),
        column(
            "SELECT t.dn_path FROM bindspace.edges AS e JOIN bindspace.nodes AS s ON s.addr = e.source"
                + " JOIN bindspace.nodes AS t ON t.addr = e.target"
                + " WHERE s.dn_path = 'java:util:HashMap' ORDER BY 1"));
  }

  @Test
  void recordsHoldTheirSchema() throws SQLException {
    assertEquals(
        List.of(),
        column(
            "SELECT dn_path FROM bindspace.nodes WHERE dn_path LIKE 'java:util:Sorted%'"
                + " AND NOT schema_passes(fingerprint, '{\"kind\": {\"kinds\": [\"concept\"]}}')"));
    assertEquals(
        List.of("java:io:IOException"),
        column(
            "SELECT dn_path FROM bindspace.nodes"
                + " WHERE schema_passes(fingerprint, '{\"graph\": {\"min_pagerank\": 65535}}')"));
  }
}
