package org.bindsql.lance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.Changes.Row;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.ArrowTypes;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values in SQL's types, written in whatever type a table stores. */
class StoredTypesTest {
  private static final RelDataTypeSystem TYPES =
      new RelDataTypeSystemImpl() {
        @Override
        public int getMaxPrecision(SqlTypeName type) {
          return switch (type) {
            case DECIMAL -> 38;
            case TIMESTAMP -> 9;
            default -> super.getMaxPrecision(type);
          };
        }
      };

  @TempDir Path folder;
  private Lance lance;
  private Changes changes;

  @BeforeEach
  void open() {
    lance = new Lance(folder);
    changes = new Changes(lance);
  }

  @AfterEach
  void close() {
    lance.close();
  }

  private static final Map<Field, Function<Random, Object>> COLUMNS = new LinkedHashMap<>();

  private static void column(String name, ArrowType type, Function<Random, Object> values) {
    COLUMNS.put(Field.nullable(name, type), values);
  }

  private static void list(String name, ArrowType type, ArrowType element, int size) {
    boolean real = element instanceof ArrowType.FloatingPoint;
    COLUMNS.put(
        new Field(name, FieldType.nullable(type), List.of(Field.nullable("item", element))),
        random ->
            random
                .ints(size < 0 ? random.nextInt(4) : size, -100, 100)
                .mapToObj(i -> real ? (Object) (i / 4f) : (Object) i)
                .toList());
  }

  static {
    ArrowType half = new ArrowType.FloatingPoint(FloatingPointPrecision.HALF);
    column("i8", new ArrowType.Int(8, true), r -> (byte) r.nextInt());
    column("u8", new ArrowType.Int(8, false), r -> (short) r.nextInt(256));
    column("u16", new ArrowType.Int(16, false), r -> r.nextInt(65536));
    column("u32", new ArrowType.Int(32, false), r -> r.nextLong(1L << 32));
    column(
        "u64",
        new ArrowType.Int(64, false),
        r -> new BigDecimal(Long.toUnsignedString(r.nextLong())));
    column("f16", half, r -> (r.nextInt(2000) - 1000) / 8f);
    column("f32", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE), r -> r.nextFloat());
    column(
        "f64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE), r -> r.nextGaussian());
    column("flag", ArrowType.Bool.INSTANCE, r -> r.nextBoolean());
    column("text", ArrowType.Utf8.INSTANCE, r -> "t\u00e9" + r.nextInt(50));
    column("large", ArrowType.LargeUtf8.INSTANCE, r -> "l" + r.nextInt(50));
    column("bytes", ArrowType.Binary.INSTANCE, r -> bytes(r, r.nextInt(5)));
    column("fixed", new ArrowType.FixedSizeBinary(5), r -> bytes(r, 5));
    column("day", new ArrowType.Date(DateUnit.DAY), r -> r.nextInt(40000) - 10000);
    column("seconds", timestamp(TimeUnit.SECOND), r -> 1000L * r.nextInt());
    column("micros", timestamp(TimeUnit.MICROSECOND), r -> (long) r.nextInt());
    column("nanos", timestamp(TimeUnit.NANOSECOND), r -> (long) r.nextInt());
    column(
        "number",
        new ArrowType.Decimal(20, 4, 128),
        r -> BigDecimal.valueOf(r.nextLong() / 1000, 4));
    list("ints", ArrowType.List.INSTANCE, new ArrowType.Int(32, true), -1);
    list("halves", new ArrowType.FixedSizeList(3), half, 3);
    COLUMNS.put(
        new Field(
            "pair",
            FieldType.nullable(ArrowType.Struct.INSTANCE),
            List.of(
                Field.nullable("a", new ArrowType.Int(32, true)),
                Field.nullable("b", ArrowType.Utf8.INSTANCE))),
        r -> new Object[] {r.nextInt(), "b" + r.nextInt(9)});
  }

  private static ArrowType timestamp(TimeUnit unit) {
    return new ArrowType.Timestamp(unit, null);
  }

  private static ByteString bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return new ByteString(bytes);
  }

  /** The table's columns as SQL's own types are held, which differ from those stored. */
  private Schema sqlTypes(String name) {
    return ArrowTypes.toSchema(lance.table(name).getRowType(new SqlTypeFactoryImpl(TYPES)));
  }

  /** Rows in Enumerable's form, as text, with arrays by content. */
  private List<String> read(String name, @Nullable StatementScope scope) {
    int columns = lance.table(name).arrowSchema().getFields().size();
    int[] all = IntStream.range(0, columns).toArray();
    List<String> rows = new ArrayList<>();
    try (BatchReader reader = lance.table(name).scan(ScanRequest.of(all), changes.context(scope))) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        List<CellReader> cells = batch.columns().stream().map(CellReader::of).toList();
        for (int row = 0; row < batch.rowCount(); row++) {
          int at = row;
          rows.add(printed(cells.stream().map(c -> c.get(at)).toArray()));
        }
      }
    }
    return rows.stream().sorted().toList();
  }

  private static String printed(@Nullable Object[] row) {
    return Arrays.deepToString(row);
  }

  /** Random changes of all types against a list of rows. */
  @ParameterizedTest
  @CsvSource({"1,2.0,false", "2,2.1,false", "3,2.1,true", "4,2.2,true"})
  void changesEqualTheirRows(long seed, String format, boolean stableRowIds) {
    Random random = new Random(seed);
    List<Field> fields = new ArrayList<>(COLUMNS.keySet());
    fields.removeIf(f -> format.equals("2.0") && f.getType() instanceof ArrowType.Struct);
    fields.addFirst(Field.notNullable("id", new ArrowType.Int(64, true)));
    changes.create("t", new Schema(fields), stableRowIds, format);
    changes.configure("t", "bindsql.max_rows_per_file", "11");
    Map<Long, Object[]> model = new LinkedHashMap<>();
    long next = 0;
    for (int statement = 0; statement < 12; statement++) {
      try (StatementScope scope = new StatementScope()) {
        Map<Long, Long> addresses = new LinkedHashMap<>();
        changes
            .read("t", List.of("_rowaddr"), ScanRequest.of(0, fields.size()), scope)
            .forEach(row -> addresses.put((Long) row.get(0), (Long) row.get(1)));
        List<Row> rows = new ArrayList<>();
        for (long id : List.copyOf(model.keySet())) {
          long address = Objects.requireNonNull(addresses.get(id));
          switch (random.nextInt(5)) {
            case 0 -> {
              model.remove(id);
              rows.add(Row.delete(address, fields.size()));
            }
            case 1 -> {
              @Nullable Object[] row = row(id, fields, random);
              model.put(id, row);
              rows.add(Row.update(address, row));
            }
            default -> {}
          }
        }
        int inserts = random.nextInt(15);
        for (int i = 0; i < inserts; i++) {
          @Nullable Object[] row = row(next, fields, random);
          model.put(next++, row);
          rows.add(random.nextInt(rows.size() + 1), Row.insert(row));
        }
        LanceTable table = lance.table("t");
        long count = table.apply(changes.changeReader(sqlTypes("t"), rows), changes.context(scope));
        assertEquals(rows.size(), count);
      }
      assertEquals(
          model.values().stream().map(StoredTypesTest::printed).sorted().toList(), read("t", null));
    }
  }

  private static @Nullable Object[] row(long id, List<Field> fields, Random random) {
    @Nullable Object[] row = new Object[fields.size()];
    row[0] = id;
    for (int i = 1; i < row.length; i++) {
      Function<Random, Object> values = Objects.requireNonNull(COLUMNS.get(fields.get(i)));
      row[i] = random.nextInt(5) == 0 ? null : values.apply(random);
    }
    return row;
  }

  @ParameterizedTest
  @CsvSource({
    "u8, 256, OUT_OF_RANGE",
    "u8, -1, OUT_OF_RANGE",
    "u32, 4294967296, OUT_OF_RANGE",
    "f16, 65536, OUT_OF_RANGE",
  })
  void valuesBeyondTheStoredTypeAreRefused(String column, long value, ErrorCode code) {
    Field field =
        COLUMNS.keySet().stream().filter(f -> f.getName().equals(column)).findFirst().orElseThrow();
    changes.create("t", new Schema(List.of(field)), false, "2.1");
    Schema given =
        field.getType() instanceof ArrowType.FloatingPoint
            ? new Schema(
                List.of(
                    Field.nullable(
                        column, new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE))))
            : new Schema(List.of(Field.nullable(column, new ArrowType.Int(64, true))));
    BindSqlException e =
        assertThrows(
            BindSqlException.class,
            () ->
                lance
                    .table("t")
                    .append(
                        changes.reader(given, 1, List.of(List.<@Nullable Object>of(value))),
                        changes.context(null)));
    assertEquals(code, e.code());
    assertEquals(List.of(), read("t", null));
  }

  @Test
  void lengthsAreChecked() {
    Field fixed = Field.nullable("c", new ArrowType.FixedSizeBinary(4));
    changes.create("t", new Schema(List.of(fixed)), false, "2.1");
    Schema given = new Schema(List.of(Field.nullable("c", ArrowType.Binary.INSTANCE)));
    BindSqlException e =
        assertThrows(
            BindSqlException.class,
            () ->
                lance
                    .table("t")
                    .append(
                        changes.reader(
                            given, 1, List.of(List.<@Nullable Object>of(new byte[] {1}))),
                        changes.context(null)));
    assertEquals("column c: 1 bytes given, expected 4", e.getMessage());
  }

  /** The fingerprint's two stored columns, written through the one that SQL sees. */
  @Test
  void pairColumnsAreWrittenThroughTheirWhole() {
    Schema stored =
        new Schema(
            List.of(
                Field.nullable("id", new ArrowType.Int(64, true)),
                Field.nullable("structure", new ArrowType.FixedSizeBinary(512)),
                Field.nullable("fingerprint", new ArrowType.FixedSizeBinary(1536))));
    changes.create("t", stored, false, "2.1");
    Random random = new Random(1);
    ByteString first = bytes(random, 2048);
    ByteString second = bytes(random, 2048);
    BindSqlException unequal =
        assertThrows(
            BindSqlException.class,
            () -> changes.append("t", row(1L, second.substring(1536), first, null)));
    assertEquals(ErrorCode.BAD_ARGUMENT, unequal.code());
    changes.append("t", row(1L, null, first, null), row(2L, null, null, null));
    assertEquals(
        List.of(
            printed(new Object[] {1L, first.substring(1536), first, first.substring(0, 1536)}),
            printed(new @Nullable Object[] {2L, null, null, null})),
        read("t", null));
    try (StatementScope scope = new StatementScope()) {
      List<Long> addresses = changes.addresses("t", scope);
      ByteString structure = first.substring(1536);
      ByteString body = first.substring(0, 1536);
      changes.apply(
          "t",
          scope,
          Row.update(addresses.get(0), 1L, structure, null, body),
          Row.update(addresses.get(1), 2L, null, second, null));
    }
    assertEquals(
        List.of(
            printed(new @Nullable Object[] {1L, null, null, null}),
            printed(new Object[] {2L, second.substring(1536), second, second.substring(0, 1536)})),
        read("t", null));
    BindSqlException e =
        assertThrows(
            BindSqlException.class,
            () -> {
              Schema given = sqlTypes("t");
              List<Field> fields = new ArrayList<>(given.getFields());
              fields.set(2, Field.nullable("fingerprint", ArrowType.Binary.INSTANCE));
              lance
                  .table("t")
                  .append(
                      changes.reader(
                          new Schema(fields), 1, List.of(row(3L, null, new byte[7], null))),
                      changes.context(null));
            });
    assertEquals("column fingerprint: 7 bytes given, expected 2048", e.getMessage());
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  @Test
  void dictionaryColumnsAreWrittenByTheirValues() {
    Schema stored =
        new Schema(
            List.of(
                new Field(
                    "word",
                    new FieldType(
                        true,
                        ArrowType.Utf8.INSTANCE,
                        new DictionaryEncoding(7, false, new ArrowType.Int(8, true))),
                    List.of())));
    changes.createEncoded("t", stored);
    List<List<@Nullable Object>> rows = words(3000, 100);
    rows.addAll(words(1000, 128));
    rows.addAll(words(1000, 700));
    changes.append("t", rows);
    assertEquals(rows.stream().map(r -> printed(r.toArray())).sorted().toList(), read("t", null));
  }

  private static List<List<@Nullable Object>> words(int count, int different) {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(row(i % 10 == 9 ? null : "w" + (i - i / 10) % different));
    }
    return rows;
  }
}
