package org.bindsql.foreign;

import static org.bindsql.foreign.BareLance.query;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A folder written by LanceDB: {@code src/test/resources/lancedb/make.mjs} made it. */
class LanceDbTest {
  @TempDir Path folder;
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws Exception {
    Path source = Path.of(Objects.requireNonNull(getClass().getResource("/lancedb")).toURI());
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        copy(file, folder.resolve(source.relativize(file).toString()));
      }
    }
    connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
    statement = connection.createStatement();
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isDirectory(from)) {
      Files.createDirectories(to);
    } else {
      Files.copy(from, to);
    }
  }

  @AfterEach
  void close() throws SQLException {
    connection.close(); // fails if off-heap memory leaked
  }

  /**
   * 'legacy' is format 2.0 with manifests named 1, 2, ...; 'stable' the default of LanceDB 0.37.
   */
  @ParameterizedTest
  @ValueSource(strings = {"types_legacy", "types_stable"})
  void allTypes(String table) throws SQLException {
    assertEquals(
        List.of(
            "0|-2|0|0|250|4294967290|0.0|0.0|0.0|true||00FF|2024-02-28",
            "1|-1|-300|5000000000|251|4294967291|0.5|0.25|0.3333333333333333|false|it's|01FE|2024-02-29",
            "2|0|-600|10000000000|252|4294967292|1.0|0.5|0.6666666666666666|true|ä€😀|02FD|2024-03-01",
            "3|1|-900|15000000000|253|4294967293|1.5|0.75|1.0|false||03FC|2024-03-02",
            "4|2|-1200|20000000000|254|4294967294|2.0|1.0|1.3333333333333333|true|it's|04FB|2024-03-03",
            "5|null|null|null|null|null|null|null|null|null|null|null|null"),
        query(
            statement,
            "SELECT id, tiny, small, big, ubyte, uint, f16, f32, f64, flag, text, bytes, \"day\""
                + " FROM "
                + table
                + " ORDER BY id"));
    assertEquals(
        List.of(
            "2024-02-28 06:00:00.124|0202020202020202|1.0|1.5|0|1|b1",
            "null|null|null|null|null|null|null"),
        query(
            statement,
            "SELECT \"at\", code, vector[1], vector[2], CARDINALITY(list), t.\"row\".a, t.\"row\".b FROM "
                + table
                + " AS t WHERE id IN (1, 5) ORDER BY id"));
    assertEquals(
        List.of("4"),
        query(
            statement,
            "SELECT id FROM "
                + table
                + " WHERE code IS NOT NULL"
                + " ORDER BY hamming_distance(code, X'1010101010101010') LIMIT 1"));
  }

  @Test
  void dictionaryColumn() throws SQLException {
    assertEquals(
        List.of("1|red", "2|blue", "3|red", "4|null", "5|green"),
        query(statement, "SELECT * FROM colours ORDER BY id"));
    assertEquals(
        List.of("red|2"),
        query(
            statement,
            "SELECT colour, COUNT(*) FROM colours WHERE colour = 'red' GROUP BY colour"));
  }

  /** Appended, deleted from, updated and merged; columns added, renamed and dropped; indexed. */
  @Test
  void tableWithALife() throws SQLException {
    assertEquals(lived(), query(statement, "SELECT * FROM lived ORDER BY id"));
    for (String where : List.of("id = 13", "word = 's1'", "id BETWEEN 5 AND 20 AND word <> 's0'")) {
      assertEquals(
          query(
              statement,
              "SELECT COUNT(*) FROM (SELECT * FROM lived LIMIT 1000) AS l WHERE " + where),
          query(statement, "SELECT COUNT(*) FROM lived WHERE " + where),
          where);
    }
  }

  private static List<String> lived() {
    return Stream.concat(
            IntStream.range(1, 60)
                .filter(i -> i % 5 != 0)
                .mapToObj(i ->
                    i == 1
                        ? "1.0|merged|-1.0"
                        : i + ".0|s" + i % 4 + "|" + (i < 10 ? 20 * i + 2 : 20 * i) + ".0"),
            Stream.of("100.0|new|-2.0"))
        .toList();
  }

  @Test
  void historyIsThere() throws SQLException {
    assertEquals(
        List.of("60"), query(statement, "SELECT COUNT(*) FROM lived FOR VERSION AS OF 'before'"));
    assertEquals(List.of("40"), query(statement, "SELECT COUNT(*) FROM lived FOR VERSION AS OF 3"));
    assertEquals(
        List.of("1.0|10.0|s1"),
        query(statement, "SELECT * FROM lived FOR VERSION AS OF 2 WHERE id = 1"));
    assertEquals(
        List.of("10"),
        query(statement, "SELECT COUNT(*) FROM system.versions WHERE table_name = 'lived'"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"types_legacy", "types_stable", "lived", "colours"})
  void canBeChanged(String table) throws Exception {
    long before = Long.parseLong(query(statement, "SELECT COUNT(*) FROM " + table).getFirst());
    List<String> three = query(statement, "SELECT * FROM " + table + " WHERE id = 3");
    assertEquals(1, statement.executeUpdate("DELETE FROM " + table + " WHERE id = 4"));
    assertEquals(
        1,
        statement.executeUpdate(
            "INSERT INTO " + table + " SELECT * FROM " + table + " WHERE id = 3"));
    assertEquals(
        2, statement.executeUpdate("UPDATE " + table + " SET id = id + 1000 WHERE id = 3"));
    assertEquals(
        List.of(
            three.getFirst().replaceFirst("3", "1003"), three.getFirst().replaceFirst("3", "1003")),
        query(statement, "SELECT * FROM " + table + " WHERE id > 1000"));
    assertEquals(
        2,
        statement.executeUpdate(
            "MERGE INTO "
                + table
                + " AS t USING (VALUES (1003, 1)) AS s (i, x) ON t.id = s.i"
                + " WHEN MATCHED THEN DELETE"));
    try (BareLance lance = new BareLance(folder);
        org.lance.Dataset dataset = lance.open(table)) {
      assertEquals(before - 2, dataset.countRows());
      assertEquals(0, dataset.countRows("id IN (3, 4, 1003)"));
      assertEquals(query(statement, "SELECT id FROM " + table), lance.rows(table, "id"));
    }
    assertTrue(
        query(statement, "SELECT COUNT(*) FROM " + table).contains(Long.toString(before - 2)));
  }
}
