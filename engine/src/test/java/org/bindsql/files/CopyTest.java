package org.bindsql.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
import java.util.stream.Stream;
import org.bindsql.AllTypes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** COPY and {@code FROM 'file'}; the database closes with its memory at zero after every test. */
class CopyTest {
  private static final int ROWS = 700;

  @TempDir Path folder;

  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    AllTypes.write(folder.resolve("db"), "t", ROWS, 23);
    connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder.resolve("db"));
    statement = connection.createStatement();
    statement.execute("SET batch_size = 128");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private String file(String name) {
    return "'" + folder.resolve(name) + "'";
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private long update(String sql) throws SQLException {
    return statement.executeLargeUpdate(sql);
  }

  private List<String> rows(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  @Test
  void mistakesAreNamed() throws IOException {
    Files.createDirectory(folder.resolve("d.csv"));
    fails("22023", "SELECT * FROM " + file("d.csv"));
    fails("22023", "COPY t FROM " + file("d.csv"));
    message("42P01", "COPY nope TO " + file("x.csv"), "no table 'main.nope'");
    message("42703", "COPY t (nope) TO " + file("x.csv"), "table 't' has no column 'nope'");
    message("42501", "COPY t TO 's3://b/x.csv'", "expected a local file");
    message(
        "22023",
        "COPY (SELECT 1 AS a, 2 AS a) TO " + file("x.parquet"),
        "two columns are named 'a'");
    message("42P01", "SELECT * FROM ''", "no file ''");
    write("x.arrow", "PAR1");
    message("XX001", "SELECT * FROM " + file("x.arrow"), "is no Arrow IPC file, or is damaged");
  }

  private void message(String sqlState, String sql, String expected) {
    String message = String.valueOf(fails(sqlState, sql).getMessage());
    assertTrue(message.contains(expected) && !message.contains("java."), message);
  }

  private SQLException fails(String sqlState, String sql) {
    SQLException failure = assertThrows(SQLException.class, () -> statement.execute(sql));
    assertEquals(sqlState, failure.getSQLState(), failure.getMessage());
    return failure;
  }

  private static String message(SQLException failure) {
    return Objects.requireNonNull(failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "tsv", "parquet", "arrow"})
  void everyTypeComesBack(String suffix) throws Exception {
    assertEquals(ROWS, update("COPY t TO " + file("x." + suffix)));
    statement.execute("CREATE TABLE u AS SELECT * FROM t WHERE FALSE");
    assertEquals(ROWS, update("COPY u FROM " + file("x." + suffix)));
    assertEquals(rows("SELECT * FROM t ORDER BY id"), rows("SELECT * FROM u ORDER BY id"));
    assertEquals(
        List.of(ROWS + "|" + ROWS * (ROWS - 1L) / 2),
        rows("SELECT COUNT(*), SUM(id) FROM " + file("x." + suffix)));
    assertEquals(
        rows("SELECT id, utf8 FROM t WHERE i8 > 50 ORDER BY id"),
        rows("SELECT id, utf8 FROM " + file("x." + suffix) + " WHERE i8 > 50 ORDER BY id"));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(2, left.count(), "the file and the database, and nothing else");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv", "arrow"})
  void noRowsMakeAFileThatIsReadBack(String suffix) throws Exception {
    assertEquals(
        0, update("COPY (SELECT id, utf8, fixed FROM t WHERE FALSE) TO " + file("e." + suffix)));
    assertEquals(List.of(), rows("SELECT * FROM " + file("e." + suffix)));
    assertEquals(0, update("COPY t FROM " + file("e." + suffix)));
  }

  @Test
  void noRowsMakeNoParquetFile() {
    fails("0A000", "COPY (SELECT id FROM t WHERE FALSE) TO " + file("e.parquet"));
    assertFalse(Files.exists(folder.resolve("e.parquet")));
  }

  @Test
  void nullAndEmptyTextDiffer() throws Exception {
    for (String options : List.of("", "(NULL 'NULL')", "(NULL '-', DELIMITER ';', QUOTE '''')")) {
      statement.execute(
          "COPY (SELECT * FROM (VALUES (1, ''), (2, CAST(NULL AS VARCHAR)), (3, 'NULL'), (4, '-'),"
              + " (5, 'a;\"''b')) AS v (n, s)) TO "
              + file("n.csv")
              + options);
      statement.execute("CREATE OR REPLACE TABLE n (n INTEGER, s VARCHAR)");
      assertEquals(5, update("COPY n FROM " + file("n.csv") + options));
      assertEquals(
          List.of("1|", "2|null", "3|NULL", "4|-", "5|a;\"'b"),
          rows("SELECT n, s FROM n ORDER BY n"),
          options);
      Files.delete(folder.resolve("n.csv"));
    }
  }

  @Test
  void aColumnOfNullsAloneComesBack() throws Exception {
    statement.execute("COPY (SELECT bool FROM t ORDER BY id LIMIT 50) TO " + file("one.csv"));
    statement.execute("CREATE TABLE one (bool BOOLEAN)");
    assertEquals(50, update("COPY one FROM " + file("one.csv")));
    assertEquals(
        rows("SELECT COUNT(*), COUNT(bool) FROM (SELECT bool FROM t ORDER BY id LIMIT 50)"),
        rows("SELECT COUNT(*), COUNT(bool) FROM one"));
  }

  @Test
  void columnsAreNamedByTheListOrTheHeader() throws Exception {
    statement.execute("CREATE TABLE c (a INTEGER, b VARCHAR, c DATE)");
    write("header.csv", "B,a\nx,1\n");
    assertEquals(1, update("COPY c FROM " + file("header.csv")));
    write("plain.csv", "2,y,2020-01-02\n3,,\n");
    assertEquals(2, update("COPY c FROM " + file("plain.csv")));
    write("list.csv", "2021-03-04,4\n");
    assertEquals(1, update("COPY c (c, a) FROM " + file("list.csv") + " WITH (FORMAT csv)"));
    write("other.csv", "x;y\n5;z\n");
    assertEquals(1, update("COPY c (a, b) FROM " + file("other.csv") + " (HEADER, DELIMITER ';')"));
    assertEquals(
        List.of("1|x|null", "2|y|2020-01-02", "3|null|null", "4|null|2021-03-04", "5|z|null"),
        rows("SELECT * FROM c ORDER BY a"));
    assertTrue(
        message(fails("42703", "COPY c FROM " + file("other.csv") + " (HEADER, DELIMITER ';')"))
            .contains("'x'"));
    update("COPY (SELECT a, 'w' AS b, 1 AS more FROM c) TO " + file("c.parquet"));
    fails("42703", "COPY c FROM " + file("c.parquet"));
    assertEquals(5, update("COPY c (b, a) FROM " + file("c.parquet")));
    fails("42703", "COPY c (nothing) FROM " + file("c.parquet"));
    fails("42703", "COPY c (c) FROM " + file("c.parquet"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "22P02 | 1,2020-01-01,x\\n2,2020-01-01 | line 2: 2 fields, expected 3",
        "22P02 | 1,2020-01-01,x\\n2,2020-01-01,y,z | line 2: 4 fields, expected 3",
        "22P02 | x,2020-01-01,x | line 1, column 'a': 'x' is no INTEGER",
        "22P02 | 1.5,2020-01-01,x | line 1, column 'a': '1.5' is no INTEGER",
        "22P02 | 2147483648,2020-01-01,x | '2147483648' is no INTEGER",
        "22P02 | \"\",2020-01-01,x | '' is no INTEGER",
        "22P02 | 1,2020-02-30,x | line 1, column 'b': '2020-02-30' is no DATE",
        "22P02 | 1,yesterday,x | 'yesterday' is no DATE",
        "22P02 | 1\\u0000,2020-01-01,x | '1?' is no INTEGER",
        "22P02 | 1,2020-01-01,\"x | record after line",
        "22P02 | 1,2020-01-01,\"x\"y | record after line",
        "22P02 | 1,2020-01-01,x\\n\\n\\n4,x,x | line 4, column 'b'",
        "22P02 | 1,2020-01-01,\"a\\nb\"\\n2,x,y | line 3, column 'b'",
        "22P02 | a,b,c\\n1,2020-01-01,x\\n2,z,y | line 3, column 'b'",
        "22P02 | 1;2020-01-01;x | 1 fields, expected 3",
        "23502 | 1,2020-01-01, | column 'c': NULL is not allowed",
        "22P02 | 1e3,2020-01-01,x | '1e3' is no INTEGER",
        "22P02 | 0x10,2020-01-01,x | '0x10' is no INTEGER",
        "22P02 | ١x,2020-01-01,x | is no INTEGER",
        "22P02 | PAR1,b,c | 'PAR1' is no INTEGER"
      })
  void malformedRowsAreToldByTheirPlace(String sqlState, String text, String expected)
      throws Exception {
    statement.execute("CREATE TABLE m (a INTEGER, b DATE, c VARCHAR NOT NULL)");
    write("m.csv", text.replace("\\n", "\n").replace("\\u0000", "\0"));
    String message = message(fails(sqlState, "COPY m FROM " + file("m.csv")));
    assertTrue(message.contains(expected), message);
    assertTrue(message.contains("m.csv"), message);
    assertEquals(List.of("0"), rows("SELECT COUNT(*) FROM m"));
  }

  @Test
  void lineEndsByteOrderMarksAndEncodingsAreUnderstood() throws Exception {
    statement.execute("CREATE TABLE m (a INTEGER, b VARCHAR)");
    write("crlf.csv", "\uFEFFa,b\r\n1,x\r\n2,\"y\r\nz\"\r\n");
    assertEquals(2, update("COPY m FROM " + file("crlf.csv")));
    assertEquals(List.of("1|x", "2|y\r\nz"), rows("SELECT * FROM m ORDER BY a"));
    Files.write(folder.resolve("latin.csv"), "3,é\n".getBytes(StandardCharsets.ISO_8859_1));
    assertTrue(message(fails("22P02", "COPY m FROM " + file("latin.csv"))).contains("not UTF-8"));
    assertEquals(1, update("COPY m FROM " + file("latin.csv") + " (ENCODING 'ISO-8859-1')"));
    assertEquals(List.of("é"), rows("SELECT b FROM m WHERE a = 3"));
    fails("22023", "COPY m FROM " + file("latin.csv") + " (ENCODING 'klingon')");
    fails("22P02", "COPY (SELECT '中' AS c) TO " + file("out.csv") + " (ENCODING 'ISO-8859-1')");
    assertFalse(Files.exists(folder.resolve("out.csv")));
  }

  @Test
  void aHugeLineIsRefusedAndALongOneRead() throws Exception {
    statement.execute("CREATE TABLE m (a VARCHAR)");
    write("long.csv", "x".repeat(3_000_000) + "\n");
    assertEquals(1, update("COPY m FROM " + file("long.csv")));
    assertEquals(List.of("3000000"), rows("SELECT CHAR_LENGTH(a) FROM m"));
    write("huge.csv", "x".repeat(20_000_000) + "\n");
    fails("22P02", "COPY m FROM " + file("huge.csv"));
  }

  @Test
  void badRowsAreSkippedCountedAndReported() throws Exception {
    statement.execute("CREATE TABLE m (a INTEGER, b VARCHAR)");
    write("m.csv", "1,x\nz,x\n2,y\n3\n4,w\n");
    assertEquals(3, update("COPY m FROM " + file("m.csv") + " (ON_ERROR skip)"));
    assertEquals(List.of("1|x", "2|y", "4|w"), rows("SELECT * FROM m ORDER BY a"));
    List<String> errors = rows("SELECT message FROM \"system\".copy_errors");
    assertEquals(2, errors.size());
    assertTrue(errors.get(0).endsWith("line 2, column 'a': 'z' is no INTEGER"), errors.get(0));
    assertTrue(errors.get(1).endsWith("line 4: 1 fields, expected 2"), errors.get(1));
    fails("53400", "COPY m FROM " + file("m.csv") + " (ON_ERROR skip, MAX_ERRORS 1)");
    assertEquals(3, update("COPY m FROM " + file("m.csv") + " (ON_ERROR skip, MAX_ERRORS 2)"));
    fails("22023", "COPY m FROM " + file("m.csv") + " (MAX_ERRORS 2)");
    fails("22023", "COPY m FROM " + file("m.csv") + " (ON_ERROR perhaps)");
  }

  @Test
  void filesAreReplacedOnlyWhenAsked() throws Exception {
    write("x.csv", "mine");
    fails("42P07", "COPY t TO " + file("x.csv"));
    assertEquals("mine", Files.readString(folder.resolve("x.csv")));
    fails("22012", "COPY (SELECT 1 / (id - 500) FROM t) TO " + file("x.csv") + " (OVERWRITE)");
    assertEquals("mine", Files.readString(folder.resolve("x.csv")));
    assertEquals(ROWS, update("COPY t TO " + file("x.csv") + " (OVERWRITE true)"));
    Files.createDirectory(folder.resolve("dir.csv"));
    fails("42P07", "COPY t TO " + file("dir.csv") + " (OVERWRITE)");
    fails("22023", "COPY t TO " + file("no/such/folder.csv"));
    for (String suffix : List.of("parquet", "arrow", "csv")) {
      fails("22012", "COPY (SELECT 1 / (id - 500) FROM t) TO " + file("f." + suffix));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(
          List.of("db", "dir.csv", "x.csv"),
          left.map(path -> String.valueOf(path.getFileName())).sorted().toList());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "42P01 | COPY t FROM ''/nowhere/x.csv''",
        "42P01 | SELECT * FROM ''/nowhere/x.parquet''",
        "42P01 | SELECT * FROM ''/nowhere/x.lance''",
        "42P01 | COPY nowhere FROM ''x.csv''",
        "22023 | SELECT * FROM ''x''",
        "22023 | COPY t TO ''x.unknown''",
        "22023 | COPY t TO ''x.csv'' (FORMAT xml)",
        "22023 | COPY t TO ''x.csv'' (COLOUR red)",
        "22023 | COPY t TO ''x.csv'' (DELIMITER ''ab'')",
        "22023 | COPY t TO ''x.csv'' (DELIMITER ''\"'')",
        "22023 | COPY t TO ''x.csv'' (ESCAPE ''\\'')",
        "22023 | COPY t TO ''x.parquet'' (HEADER)",
        "22023 | COPY t TO ''x.csv'' (HEADER maybe)",
        "0A000 | COPY bindspace.nodes FROM ''x.csv''",
        "42601 | COPY t FROM x",
        "42601 | COPY (SELECT 1) FROM ''x.csv''",
        "42703 | COPY (SELECT nothing FROM t) TO ''x.csv''",
        "42703 | COPY t (nothing) TO ''x.csv''"
      })
  void badStatementsAreRefused(String sqlState, String sql) {
    fails(sqlState, sql.replace("''", "'"));
  }

  @Test
  void positionsInTheQueryOfACopyAreRight() {
    assertTrue(
        message(fails("42703", "COPY\n  (SELECT nothing FROM t)\nTO 'x.csv'"))
            .contains("line 2, column 11"));
  }

  @Test
  void filesAreTables() throws Exception {
    Files.createDirectory(folder.resolve("a b"));
    write("a b/it's.csv", "id,name,born\n1,x,2020-01-02\n2,y,\n");
    String path = "'" + folder.resolve("a b/it's.csv").toString().replace("'", "''") + "'";
    assertEquals(
        List.of("2|y|null", "1|x|2020-01-02"),
        rows("SELECT f.id, name, born FROM " + path + " AS f ORDER BY f.id DESC"));
    assertEquals(
        List.of("1|1|x", "2|2|y"),
        rows(
            "SELECT t.id, f.id, g.name FROM t JOIN "
                + path
                + " f ON t.id = f.id, "
                + path
                + " AS g WHERE g.id = f.id ORDER BY 1"));
    statement.execute("CREATE TABLE made AS SELECT * FROM " + path);
    assertEquals(
        List.of("id|BIGINT", "name|VARCHAR", "born|DATE"),
        rows(
            "SELECT column_name, data_type FROM information_schema.columns"
                + " WHERE table_name = 'made' ORDER BY ordinal_position"));
    assertEquals(
        List.of(), rows("SELECT * FROM information_schema.schemata WHERE schema_name = '$file'"));
  }

  @Test
  void columnsOfCsvAreFoundOut() throws Exception {
    write(
        "k.csv",
        "b,i,d,day,ts,s,zip,big,empty,mixed\n"
            + "true,1,1.5,2020-01-02,2020-01-02 03:04:05,x,00123,12345678901234567890,,1\n"
            + "FALSE,-2,3,2020-01-03,2020-01-02T03:04:05.123456Z,\"\",00124,1,,x\n");
    statement.execute("CREATE TABLE k AS SELECT * FROM " + file("k.csv"));
    assertEquals(
        List.of(
            "b|BOOLEAN",
            "i|BIGINT",
            "d|DOUBLE",
            "day|DATE",
            "ts|TIMESTAMP(3)",
            "s|VARCHAR",
            "zip|VARCHAR",
            "big|VARCHAR",
            "empty|VARCHAR",
            "mixed|VARCHAR"),
        rows(
            "SELECT column_name, data_type FROM information_schema.columns"
                + " WHERE table_name = 'k' ORDER BY ordinal_position"));
    write("numbers.csv", "1,2\n3,4\n");
    assertEquals(
        List.of("4|6"), rows("SELECT SUM(column0), SUM(column1) FROM " + file("numbers.csv")));
    write("twice.csv", "a,a,\nx,y,z\n");
    assertEquals(
        List.of("a|a|", "x|y|z"),
        rows("SELECT column0, column1, COALESCE(column2, '') FROM " + file("twice.csv")));
    StringBuilder late = new StringBuilder("n\n");
    for (int i = 0; i < 10_500; i++) {
      late.append(i).append('\n');
    }
    write("late.csv", late + "x\n");
    assertTrue(
        message(fails2("SELECT SUM(n) FROM " + file("late.csv")))
            .contains("line 10502, column 'n': 'x' is no BIGINT"));
    write("late.csv", late + "\n1\n");
    assertEquals(List.of("10501"), rows("SELECT COUNT(n) FROM " + file("late.csv")));
    write("nothing.csv", "");
    fails("XX001", "SELECT * FROM " + file("nothing.csv"));
  }

  private SQLException fails2(String sql) {
    return assertThrows(SQLException.class, () -> rows(sql));
  }

  @Test
  void lanceDatasetsAreReadByPath() throws Exception {
    String path = file("db/t.lance");
    assertEquals(List.of(String.valueOf(ROWS)), rows("SELECT COUNT(*) FROM " + path));
    assertEquals(
        rows("SELECT id FROM t ORDER BY hamming(fixed, X'0102030405'), id LIMIT 5"),
        rows("SELECT id FROM " + path + " ORDER BY hamming(fixed, X'0102030405'), id LIMIT 5"));
    assertTrue(
        rows("EXPLAIN SELECT id FROM " + path + " ORDER BY hamming(fixed, X'0102030405') LIMIT 5")
            .toString()
            .contains("HdrCascadeTopK"));
  }

  @Test
  void onlyWantedColumnsAreRead() throws Exception {
    update("COPY t TO " + file("x.parquet"));
    assertTrue(
        rows("EXPLAIN SELECT utf8 FROM " + file("x.parquet") + " WHERE id < 3")
            .toString()
            .contains("columns=[[id, utf8]]"));
  }

  @Test
  void damagedFilesAreErrorsAndNothingElse() throws Exception {
    for (String suffix : List.of("parquet", "arrow")) {
      update("COPY (SELECT id, utf8, list, struct, fixed FROM t) TO " + file("good." + suffix));
      byte[] good = Files.readAllBytes(folder.resolve("good." + suffix));
      for (int length : new int[] {0, 3, 8, 100, good.length / 2, good.length - 1}) {
        Path bad = folder.resolve("cut" + length + "." + suffix);
        Files.write(bad, Arrays.copyOf(good, length));
        SQLException failure = fails2("SELECT * FROM '" + bad + "'");
        assertEquals("XX001", failure.getSQLState(), failure.getMessage());
        assertTrue(message(failure).contains("cut" + length), failure.getMessage());
      }
      write("garbage." + suffix, "this is not the file you are looking for ".repeat(20));
      assertEquals("XX001", fails2("SELECT * FROM " + file("garbage." + suffix)).getSQLState());
    }
  }
}
