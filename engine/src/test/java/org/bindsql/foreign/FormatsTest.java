package org.bindsql.foreign;

import static org.bindsql.foreign.BareLance.query;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryProvider.MapDictionaryProvider;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lance.Dataset;
import org.lance.WriteParams;
import org.lance.index.IndexOptions;
import org.lance.index.IndexParams;
import org.lance.index.IndexType;
import org.lance.index.scalar.ScalarIndexParams;
import org.lance.schema.ColumnAlteration;

/** Datasets written by lance-core in every format, read and changed through SQL, and read again. */
class FormatsTest {
  private static final String[] WORDS = {"red", "green", "blue"};
  private static final int ROWS = 100;

  @TempDir Path folder;

  /** Ways to write a dataset. */
  record Format(String version, boolean stableRowIds, boolean newManifestNames) {
    WriteParams params(WriteParams.WriteMode mode) {
      return new WriteParams.Builder()
          .withMode(mode)
          .withDataStorageVersion(version)
          .withEnableStableRowIds(stableRowIds)
          .withEnableV2ManifestPaths(newManifestNames)
          .withMaxRowsPerFile(30)
          .build();
    }
  }

  static Stream<Format> formats() {
    return Stream.of("2.0", "2.1", "2.2")
        .flatMap(version ->
            Stream.of(true, false)
                .flatMap(stable ->
                    Stream.of(true, false).map(names -> new Format(version, stable, names))));
  }

  /** Rows (id, code, text, word, size, gone): ids from, from + 1, ... */
  private void write(BareLance lance, Format format, WriteParams.WriteMode mode, int from)
      throws Exception {
    DictionaryEncoding encoding = new DictionaryEncoding(1, false, new ArrowType.Int(32, true));
    Schema schema =
        new Schema(
            List.of(
                Field.notNullable("id", new ArrowType.Int(32, true)),
                Field.nullable("code", new ArrowType.FixedSizeBinary(2)),
                Field.nullable("text", ArrowType.LargeUtf8.INSTANCE),
                new Field("word", new FieldType(true, new ArrowType.Int(32, true), encoding), null),
                Field.nullable("size", new ArrowType.Int(64, false)),
                Field.nullable("gone", ArrowType.Utf8.INSTANCE)));
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, lance.allocator);
        VarCharVector words = new VarCharVector("words", lance.allocator)) {
      for (int i = 0; i < WORDS.length; i++) {
        words.setSafe(i, WORDS[i].getBytes(StandardCharsets.UTF_8));
      }
      words.setValueCount(WORDS.length);
      for (int i = 0; i < ROWS; i++) {
        int id = from + i;
        ((IntVector) root.getVector("id")).setSafe(i, id);
        if (id % 7 > 0) { // every seventh row is NULL elsewhere
          ((FixedSizeBinaryVector) root.getVector("code"))
              .setSafe(i, new byte[] {(byte) id, (byte) ~id});
          ((LargeVarCharVector) root.getVector("text"))
              .setSafe(i, ("text " + id).getBytes(StandardCharsets.UTF_8));
          ((IntVector) root.getVector("word")).setSafe(i, id % WORDS.length);
          ((UInt8Vector) root.getVector("size")).setSafe(i, -1L - id);
          ((VarCharVector) root.getVector("gone")).setSafe(i, new byte[] {'x'});
        }
      }
      root.setRowCount(ROWS);
      lance.write(
          "t",
          root,
          new MapDictionaryProvider(new Dictionary(words, encoding)),
          format.params(mode));
    }
  }

  private static String row(int id) {
    return id % 7 == 0
        ? id + "|null|null|null|null"
        : String.format(
            "%d|%02X%02X|text %d|%s|%s",
            id,
            id & 0xFF,
            ~id & 0xFF,
            id,
            WORDS[id % WORDS.length],
            Long.toUnsignedString(-1L - id));
  }

  private static List<String> rows(Predicate<Integer> live) {
    return IntStream.range(0, 2 * ROWS).boxed().filter(live).map(FormatsTest::row).toList();
  }

  @ParameterizedTest
  @MethodSource("formats")
  void foreignDatasets(Format format) throws Exception {
    try (BareLance lance = new BareLance(folder)) {
      write(lance, format, WriteParams.WriteMode.CREATE, 0);
      write(lance, format, WriteParams.WriteMode.APPEND, ROWS);
      try (Dataset dataset = lance.open("t")) {
        IndexParams btree =
            IndexParams.builder()
                .setScalarIndexParams(ScalarIndexParams.create("btree", "{}"))
                .build();
        dataset.createIndex(
            IndexOptions.builder(List.of("id"), IndexType.BTREE, btree)
                .withIndexName("ids")
                .build());
        dataset.delete("id % 10 = 3");
        dataset.dropColumns(List.of("gone"));
        dataset.alterColumns(List.of(new ColumnAlteration.Builder("text").rename("label").build()));
      }
      read();
      change(lance);
    }
  }

  private void read() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      assertEquals(rows(i -> i % 10 != 3), query(statement, "SELECT * FROM t ORDER BY id"));
      assertEquals(
          rows(i -> i % 10 != 3 && i % 7 > 0 && i % 3 == 1 && i > 50),
          query(
              statement,
              "SELECT id, code, label, word, size FROM t WHERE word = 'green' AND id > 50"
                  + " ORDER BY id"));
      assertEquals(List.of(), query(statement, "SELECT id FROM t WHERE id = 13"));
      assertEquals(List.of("14"), query(statement, "SELECT id FROM t WHERE id = 14"));
      assertEquals(
          List.of("57"),
          query(
              statement,
              "SELECT id FROM t WHERE code IS NOT NULL AND id < 150"
                  + " ORDER BY hamming_distance(code, X'39C6') LIMIT 1"));
    }
  }

  private void change(BareLance lance) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      assertEquals(18, statement.executeUpdate("DELETE FROM t WHERE id < 20"));
      assertEquals(
          2, statement.executeUpdate("UPDATE t SET label = label || '!' WHERE id IN (22, 24)"));
      assertEquals(
          1,
          statement.executeUpdate(
              "INSERT INTO t (id, code, label, word, size)"
                  + " VALUES (1000, X'0102', 'new', 'green', 18446744073709551615)"));
      assertEquals(List.of("22"), query(statement, "SELECT id FROM t WHERE id = 22"));
      assertEquals(List.of("1000"), query(statement, "SELECT id FROM t WHERE id = 1000"));
      List<String> wanted = new ArrayList<>(rows(i -> i >= 20 && i % 10 != 3));
      wanted.replaceAll(r ->
          r.startsWith("22|") || r.startsWith("24|") ? r.replaceFirst("(text \\d+)", "$1!") : r);
      wanted.add("1000|0102|new|green|18446744073709551615");
      assertEquals(wanted, query(statement, "SELECT * FROM t ORDER BY id"));
      List<String> bare = new ArrayList<>();
      for (String row : lance.rows("t", "id", "code", "label", "word", "size")) {
        bare.add(unsigned(row));
      }
      bare.sort((a, b) -> Integer.compare(id(a), id(b)));
      assertEquals(wanted, bare);
    }
  }

  private static int id(String row) {
    return Integer.parseInt(row.substring(0, row.indexOf('|')));
  }

  /** Arrow's Java library reads an unsigned number as a signed one. */
  private static String unsigned(String row) {
    int last = row.lastIndexOf('|');
    String size = row.substring(last + 1);
    return size.equals("null")
        ? row
        : row.substring(0, last + 1) + Long.toUnsignedString(Long.parseLong(size));
  }

  /** A blob column cannot be read by SQL; the other columns can. */
  @Test
  void blobs() throws Exception {
    Field blob =
        new Field(
            "picture",
            new FieldType(
                true, ArrowType.LargeBinary.INSTANCE, null, Map.of("lance-encoding:blob", "true")),
            null);
    Schema schema = new Schema(List.of(Field.nullable("id", new ArrowType.Int(32, true)), blob));
    try (BareLance lance = new BareLance(folder);
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, lance.allocator)) {
      for (int i = 0; i < 3; i++) {
        ((IntVector) root.getVector(0)).setSafe(i, i);
        ((LargeVarBinaryVector) root.getVector(1)).setSafe(i, new byte[100 + i]);
      }
      root.setRowCount(3);
      lance.write(
          "t",
          root,
          new MapDictionaryProvider(),
          new Format("2.1", false, true).params(WriteParams.WriteMode.CREATE));
    }
    try (Connection connection = DriverManager.getConnection("jdbc:bindsql:path=" + folder);
        Statement statement = connection.createStatement()) {
      assertEquals(List.of("0", "1", "2"), query(statement, "SELECT id FROM t"));
      SQLException e =
          assertThrows(SQLException.class, () -> query(statement, "SELECT picture FROM t"));
      assertEquals("0A000", e.getSQLState(), e.getMessage());
    }
  }
}
