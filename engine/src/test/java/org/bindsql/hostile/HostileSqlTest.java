package org.bindsql.hostile;

import static org.bindsql.hostile.HostileTexts.literal;
import static org.bindsql.hostile.HostileTexts.name;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bindsql.process.ChildJvm;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Text is data wherever SQL lets it in: as a value, and as the name of anything. */
class HostileSqlTest {
  private static final int TEXTS = 5000;

  /** Texts of one statement. */
  private static final int GROUP = 250;

  private final long seed = Long.getLong("tests.seed", 20261120L);
  private final Random random = new Random(seed);

  @TempDir Path folder;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("db"));
    statement = connection.createStatement();
    statement.execute("CREATE TABLE victim AS SELECT 1 AS x");
  }

  @AfterEach
  void victimLives() throws SQLException, IOException {
    assertEquals(List.of("1"), texts("SELECT x FROM victim"), () -> "seed " + seed);
    connection.close(); // fails if off-heap memory leaked
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("db")), files.toList(), () -> "seed " + seed);
    }
  }

  @Test
  void values() throws SQLException {
    List<String> texts = HostileTexts.make(TEXTS, random);
    statement.execute("CREATE TABLE t (id INTEGER NOT NULL, s VARCHAR, copy VARCHAR)");
    insert(texts);
    assertIterableEquals(texts, texts("SELECT s FROM t ORDER BY id"), () -> "seed " + seed);
    merge(texts);
    assertIterableEquals(texts, texts("SELECT copy FROM t ORDER BY id"), () -> "seed " + seed);
    for (int from = 0; from < TEXTS; from += GROUP) {
      List<String> group = texts.subList(from, from + GROUP);
      Set<String> wanted = new HashSet<>(group);
      List<Integer> ids =
          IntStream.range(0, TEXTS).filter(i -> wanted.contains(texts.get(i))).boxed().toList();
      String list = group.stream().map(HostileTexts::literal).collect(Collectors.joining(", "));
      assertEquals(
          ids.stream().map(String::valueOf).toList(),
          texts("SELECT id FROM t WHERE s IN (" + list + ") ORDER BY id"),
          () -> "seed " + seed);
    }
    changeOne(texts);
  }

  private void insert(List<String> texts) throws SQLException {
    int literals = texts.size() - GROUP;
    for (int from = 0; from < literals; from += GROUP) {
      String rows =
          IntStream.range(from, from + GROUP)
              .mapToObj(i -> "(" + i + ", " + literal(texts.get(i)) + ")")
              .collect(Collectors.joining(", "));
      assertEquals(GROUP, statement.executeUpdate("INSERT INTO t (id, s) VALUES " + rows));
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO t (id, s) VALUES (?, ?)")) {
      for (int i = literals; i < texts.size(); i++) {
        insert.setInt(1, i);
        insert.setString(2, texts.get(i));
        insert.addBatch();
      }
      assertEquals(GROUP, insert.executeBatch().length);
    }
  }

  /** Sets the copies by literals that a MERGE compares and stores. */
  private void merge(List<String> texts) throws SQLException {
    for (int from = 0; from < texts.size(); from += GROUP) {
      String rows =
          IntStream.range(from, from + GROUP)
              .mapToObj(i -> "(" + i + ", " + literal(texts.get(i)) + ")")
              .collect(Collectors.joining(", "));
      assertEquals(
          GROUP,
          statement.executeUpdate(
              "MERGE INTO t USING (VALUES "
                  + rows
                  + ") AS src (i, s) ON t.id = src.i AND t.s = src.s"
                  + " WHEN MATCHED THEN UPDATE SET copy = src.s"));
    }
  }

  private void changeOne(List<String> texts) throws SQLException {
    for (int i = 0; i < 40; i++) {
      String text = texts.get(random.nextInt(TEXTS));
      long same = texts.stream().filter(text::equals).count();
      String where = " WHERE s = " + literal(text);
      assertEquals(
          same, statement.executeUpdate("UPDATE t SET copy = " + literal(text + "!") + where));
      assertEquals(
          List.of(Long.toString(same)),
          texts("SELECT COUNT(*) FROM t WHERE copy = " + literal(text + "!")));
      assertEquals(
          List.of(Long.toString(same)),
          texts("SELECT COUNT(*) FROM t WHERE s LIKE " + literal(like(text)) + " ESCAPE '~'"));
    }
    String gone = texts.get(0);
    assertEquals(
        texts.stream().filter(gone::equals).count(),
        statement.executeUpdate("DELETE FROM t WHERE s = " + literal(gone)));
  }

  private static String like(String text) {
    return text.replace("~", "~~").replace("%", "~%").replace("_", "~_");
  }

  /** Every column whose name is accepted can be read, filtered by, changed and dropped. */
  @Test
  void columnNames() throws SQLException {
    List<String> names = List.copyOf(new HashSet<>(HostileTexts.make(60, random)));
    int accepted = 0;
    for (String text : names) {
      String column = name(text);
      String made = attempt("CREATE OR REPLACE TABLE t (id INTEGER, " + column + " VARCHAR)");
      if (made != null) {
        continue;
      }
      accepted++;
      run("INSERT INTO t (id, " + column + ") VALUES (1, 'one'), (2, 'two')");
      run("UPDATE t SET " + column + " = " + column + " || '!' WHERE " + column + " = 'two'");
      assertEquals(
          List.of("2"),
          texts("SELECT id FROM t WHERE " + column + " = 'two!'"),
          () -> "seed " + seed + ", column " + column);
      assertEquals(
          List.of("one", "two!"),
          texts("SELECT MIN(" + column + ") FROM t GROUP BY id ORDER BY 1"));
      assertEquals(List.of(text), names("SELECT " + column + " FROM t"));
      run("ALTER TABLE t RENAME COLUMN " + column + " TO plain");
      run("ALTER TABLE t RENAME COLUMN plain TO " + column);
      assertEquals(List.of("id", text), names("SELECT * FROM t"));
      run("ALTER TABLE t DROP COLUMN " + column);
    }
    assertTrue(accepted > names.size() / 3, accepted + " of " + names.size());
  }

  /** Names of tables, tags and indexes are accepted or refused, and mean nothing else. */
  @Test
  void otherNames() throws SQLException {
    statement.execute("CREATE TABLE t AS SELECT 1 AS x");
    int accepted = 0;
    for (String text : new HashSet<>(HostileTexts.make(120, random))) {
      String name = name(text);
      if (attempt("CREATE TABLE " + name + " AS SELECT 7 AS x") == null) {
        accepted++;
        assertEquals(List.of("7"), texts("SELECT x FROM " + name), () -> "table " + name);
        run("DROP TABLE " + name);
      }
      if (attempt("CREATE TAG " + name + " ON t") == null) {
        assertEquals(
            List.of("1"),
            texts("SELECT x FROM t FOR VERSION AS OF " + literal(text)),
            () -> "tag " + name);
        run("DROP TAG " + name + " ON t");
      }
    }
    assertTrue(accepted > 10, accepted + " accepted");
  }

  @Test
  void longFiltersDoNotEndTheProcess() {
    longFilters("10", "1000");
  }

  /** Only the longest chains may be refused as too complex; OR, AND and IN never are. */
  @Test
  @Tag("soak")
  void longerFiltersDoNotEndTheProcess() {
    longFilters("3000", "10000", "100000");
  }

  private void longFilters(String... terms) {
    List<String> arguments = new ArrayList<>(List.of(folder.resolve("db").toString()));
    arguments.addAll(List.of(terms));
    try (ChildJvm child =
        new ChildJvm(LongFilters.class, List.of(), arguments.toArray(String[]::new))) {
      String line = child.receive();
      while (line != null && !line.equals("done")) {
        assertTrue(line.startsWith("ok "), line);
        line = child.receive();
      }
      assertEquals("done", line, "the process ended");
    }
  }

  private void run(String sql) throws SQLException {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new SQLException(
          "seed " + seed + ", " + sql + ": " + e.getMessage(), e.getSQLState(), e);
    }
  }

  /** SQLState of the failure, which names itself properly, or null. */
  private String attempt(String sql) {
    try {
      statement.execute(sql);
      return null;
    } catch (SQLException e) {
      assertNotNull(e.getSQLState(), sql);
      assertTrue(!e.getSQLState().startsWith("XX"), () -> sql + ": " + e.getMessage());
      return e.getSQLState();
    }
  }

  private List<String> texts(String sql) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  private List<String> names(String sql) throws SQLException {
    List<String> names = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
        names.add(rows.getMetaData().getColumnLabel(i));
      }
    }
    return names;
  }
}
