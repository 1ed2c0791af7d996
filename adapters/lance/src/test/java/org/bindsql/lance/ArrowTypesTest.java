package org.bindsql.lance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.dictionary.DictionaryEncoder;
import org.apache.arrow.vector.dictionary.DictionaryProvider;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.apache.arrow.vector.ipc.ArrowStreamWriter;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.Text;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every Arrow type that Lance stores comes back as it was written, NULLs and nesting included. */
class ArrowTypesTest {
  private static final int ROWS = 50;

  @TempDir Path folder;

  private final Random random = new Random(7);

  private static Field field(String name, ArrowType type, Field... children) {
    return new Field(name, FieldType.nullable(type), List.of(children));
  }

  private static final List<Field> FIELDS =
      List.of(
          field("bool", ArrowType.Bool.INSTANCE),
          field("i8", new ArrowType.Int(8, true)),
          field("i16", new ArrowType.Int(16, true)),
          field("i32", new ArrowType.Int(32, true)),
          field("i64", new ArrowType.Int(64, true)),
          field("u8", new ArrowType.Int(8, false)),
          field("u16", new ArrowType.Int(16, false)),
          field("u32", new ArrowType.Int(32, false)),
          field("u64", new ArrowType.Int(64, false)),
          field("f16", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)),
          field("f32", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
          field("f64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
          field("utf8", ArrowType.Utf8.INSTANCE),
          field("large_utf8", ArrowType.LargeUtf8.INSTANCE),
          field("binary", ArrowType.Binary.INSTANCE),
          field("large_binary", ArrowType.LargeBinary.INSTANCE),
          field("fixed", new ArrowType.FixedSizeBinary(5)),
          field("date32", new ArrowType.Date(DateUnit.DAY)),
          field("date64", new ArrowType.Date(DateUnit.MILLISECOND)),
          field("time_s", new ArrowType.Time(TimeUnit.SECOND, 32)),
          field("time_us", new ArrowType.Time(TimeUnit.MICROSECOND, 64)),
          field("ts_ms", new ArrowType.Timestamp(TimeUnit.MILLISECOND, null)),
          field("ts_ns", new ArrowType.Timestamp(TimeUnit.NANOSECOND, null)),
          field("ts_utc", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
          field("decimal", new ArrowType.Decimal(20, 3, 128)),
          field("list", ArrowType.List.INSTANCE, field("item", new ArrowType.Int(32, true))),
          field(
              "vector",
              new ArrowType.FixedSizeList(4),
              field("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE))),
          field(
              "struct",
              ArrowType.Struct.INSTANCE,
              field("a", new ArrowType.Int(64, true)),
              field("b", ArrowType.Utf8.INSTANCE)));

  @Test
  void roundTripsOverSeveralFragments() {
    try (Lance lance = new Lance(folder)) {
      Schema schema = new Schema(FIELDS);
      List<List<@Nullable Object>> written = new ArrayList<>();
      for (int part = 0; part < 3; part++) {
        List<FieldVector> vectors = new ArrayList<>();
        for (Field field : FIELDS) {
          FieldVector vector = field.createVector(lance.allocator);
          RandomVectors.fill(vector, ROWS, random);
          vectors.add(vector);
        }
        written.addAll(cells(vectors));
        lance.write("t", Mode.APPEND, schema, ROWS, vectors.toArray(FieldVector[]::new));
      }
      LanceTable table = lance.table("t");
      assertEquals(
          FIELDS.stream().map(Field::getType).toList(),
          table.arrowSchema().getFields().stream().map(Field::getType).toList());
      assertEquals(FIELDS.size(), table.getRowType(new JavaTypeFactoryImpl()).getFieldCount());
      int[] all = java.util.stream.IntStream.range(0, FIELDS.size()).toArray();
      List<List<@Nullable Object>> read = new ArrayList<>();
      try (BatchReader reader = table.scan(ScanRequest.of(all), lance.context())) {
        for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
          read.addAll(cells(batch.columns()));
        }
      }
      assertEquals(Lance.printable(written), Lance.printable(read));
    }
  }

  private static List<List<@Nullable Object>> cells(List<FieldVector> vectors) {
    List<CellReader> cells = vectors.stream().map(CellReader::of).toList();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < vectors.getFirst().getValueCount(); i++) {
      List<@Nullable Object> row = new ArrayList<>();
      for (CellReader cell : cells) {
        row.add(cell.get(i));
      }
      rows.add(row);
    }
    return rows;
  }

  @Test
  void dictionaryColumnsShowTheirValues() throws Exception {
    try (Lance lance = new Lance(folder);
        VarCharVector values = new VarCharVector("values", lance.allocator);
        VarCharVector plain = new VarCharVector("c", lance.allocator)) {
      values.setSafe(0, new Text("x"));
      values.setSafe(1, new Text("yy"));
      values.setValueCount(2);
      plain.setSafe(0, new Text("yy"));
      plain.setSafe(2, new Text("x"));
      plain.setValueCount(3);
      Dictionary dictionary =
          new Dictionary(values, new DictionaryEncoding(1, false, new ArrowType.Int(16, true)));
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (FieldVector encoded = (FieldVector) DictionaryEncoder.encode(plain, dictionary);
          ArrowStreamWriter writer =
              new ArrowStreamWriter(
                  new VectorSchemaRoot(List.of(encoded)),
                  new DictionaryProvider.MapDictionaryProvider(dictionary),
                  bytes)) {
        writer.writeBatch();
      }
      try (ArrowStreamReader reader =
          new ArrowStreamReader(new ByteArrayInputStream(bytes.toByteArray()), lance.allocator)) {
        LanceTables.write(Location.of(folder), "d", reader, Mode.CREATE, lance.session);
      }
      LanceTable table = lance.table("d");
      assertEquals(ArrowType.Utf8.INSTANCE, table.arrowSchema().getFields().get(0).getType());
      assertEquals(
          "[[yy], [null], [x]]", Lance.printable(lance.rows("d", ScanRequest.of(0))).toString());
    }
  }

  @Test
  void emptyTableHasColumnsAndNoRows() {
    try (Lance lance = new Lance(folder)) {
      FieldVector id = Lance.NUMBERS.getFields().getFirst().createVector(lance.allocator);
      lance.write("empty", Mode.CREATE, new Schema(List.of(id.getField())), 0, id);
      assertEquals(List.of(), lance.rows("empty", ScanRequest.of(0)));
      assertEquals(0, lance.table("empty").count(ScanRequest.of(), lance.context()));
    }
  }
}
