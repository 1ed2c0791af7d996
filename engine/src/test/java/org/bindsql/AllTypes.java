package org.bindsql;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.ArrowMemory;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** A table with a column of every Arrow type that Lance stores, and seeded values in it. */
public final class AllTypes {
  private static final long DAY = 86_400_000L;

  /** Columns without structure of their own. */
  public static final List<Field> FLAT =
      List.of(
          Field.notNullable("id", new ArrowType.Int(64, true)),
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
          field("bytes", ArrowType.Binary.INSTANCE),
          field("large_bytes", ArrowType.LargeBinary.INSTANCE),
          field("fixed", new ArrowType.FixedSizeBinary(5)),
          field("date32", new ArrowType.Date(DateUnit.DAY)),
          field("date64", new ArrowType.Date(DateUnit.MILLISECOND)),
          field("time_s", new ArrowType.Time(TimeUnit.SECOND, 32)),
          field("time_us", new ArrowType.Time(TimeUnit.MICROSECOND, 64)),
          field("ts_ms", new ArrowType.Timestamp(TimeUnit.MILLISECOND, null)),
          field("ts_ns", new ArrowType.Timestamp(TimeUnit.NANOSECOND, null)),
          field("ts_utc", new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC")),
          field("dec", new ArrowType.Decimal(20, 3, 128)));

  /** All columns. */
  public static final Schema SCHEMA = new Schema(all());

  private AllTypes() {}

  private static Field field(String name, ArrowType type, Field... children) {
    return new Field(name, FieldType.nullable(type), List.of(children));
  }

  private static List<Field> all() {
    List<Field> fields = new ArrayList<>(FLAT);
    fields.add(field("list", ArrowType.List.INSTANCE, field("item", new ArrowType.Int(32, true))));
    fields.add(
        field(
            "vector",
            new ArrowType.FixedSizeList(4),
            field("item", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE))));
    fields.add(
        field(
            "struct",
            ArrowType.Struct.INSTANCE,
            field("a", new ArrowType.Int(64, true)),
            field("b", ArrowType.Utf8.INSTANCE)));
    return fields;
  }

  /** Creates the table in a database folder. */
  public static void write(Path folder, String name, int rows, long seed) {
    write(folder, name, SCHEMA, rows, seed);
  }

  /** Creates a table of some of the columns. */
  public static void write(Path folder, String name, Schema schema, int rows, long seed) {
    try (BufferAllocator allocator = ArrowMemory.root();
        LanceSession session = new LanceSession(allocator)) {
      LanceTables.write(
          Location.of(folder),
          name,
          schema,
          reader(schema, rows, seed, allocator),
          LanceTables.Mode.CREATE,
          session);
    }
  }

  /** A reader of one batch of random rows, a fifth of the values NULL; {@code id} counts. */
  public static BatchReader reader(Schema schema, int rows, long seed, BufferAllocator allocator) {
    VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator);
    Random random = new Random(seed);
    root.allocateNew();
    for (FieldVector vector : root.getFieldVectors()) {
      CellWriter writer = CellWriter.of(vector);
      for (int i = 0; i < rows; i++) {
        writer.set(
            i,
            vector.getName().equals("id")
                ? (Object) (long) i
                : nullable(vector.getField(), random));
      }
    }
    root.setRowCount(rows);
    return new BatchReader() {
      private boolean done = rows == 0;

      @Override
      public @Nullable Batch next() {
        if (done) {
          return null;
        }
        done = true;
        return Batch.of(root.getFieldVectors(), rows);
      }

      @Override
      public void close() {
        root.close();
      }
    };
  }

  private static @Nullable Object nullable(Field field, Random random) {
    // Lance 7.0.0 returns a NULL record as one of NULLs where a batch has no other.
    boolean record = field.getType() instanceof ArrowType.Struct;
    return random.nextInt(5) == 0 && !record ? null : value(field, random);
  }

  private static Object value(Field field, Random random) {
    return switch (field.getType()) {
      case ArrowType.Bool ignored -> random.nextBoolean();
      case ArrowType.Int type when !type.getIsSigned() ->
          new BigDecimal(new BigInteger(type.getBitWidth(), random));
      case ArrowType.Int type -> random.nextLong() >> (64 - type.getBitWidth());
      case ArrowType.FloatingPoint type ->
          switch (type.getPrecision()) {
            case HALF -> (float) random.nextInt(-2048, 2048) / 8;
            case SINGLE -> Float.intBitsToFloat(random.nextInt(0x7f80_0000));
            case DOUBLE -> Double.longBitsToDouble(random.nextLong(0x7ff0_0000_0000_0000L));
          };
      case ArrowType.Decimal type -> BigDecimal.valueOf(random.nextLong(), type.getScale());
      case ArrowType.Utf8 ignored -> text(random);
      case ArrowType.LargeUtf8 ignored -> text(random);
      case ArrowType.Binary ignored -> bytes(random, random.nextInt(9));
      case ArrowType.LargeBinary ignored -> bytes(random, random.nextInt(9));
      case ArrowType.FixedSizeBinary type -> bytes(random, type.getByteWidth());
      case ArrowType.Date ignored -> random.nextInt(-700_000, 2_900_000);
      case ArrowType.Time type ->
          type.getUnit() == TimeUnit.SECOND
              ? random.nextInt(86_400) * 1000
              : random.nextInt((int) DAY);
      case ArrowType.Timestamp type ->
          type.getUnit() == TimeUnit.NANOSECOND
              ? random.nextLong(-9_000_000_000_000L, 9_000_000_000_000L)
              : random.nextLong(-700_000 * DAY, 2_900_000 * DAY);
      case ArrowType.List ignored -> elements(field, random.nextInt(4), random);
      case ArrowType.FixedSizeList type -> elements(field, type.getListSize(), random);
      case ArrowType.Struct ignored ->
          // Rows do not tell a NULL record from one whose fields are all NULL: one field has a
          // value.
          new @Nullable Object[] {
            value(field.getChildren().get(0), random), nullable(field.getChildren().get(1), random)
          };
      default -> throw new AssertionError(field);
    };
  }

  private static List<@Nullable Object> elements(Field field, int count, Random random) {
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(nullable(field.getChildren().getFirst(), random));
    }
    return elements;
  }

  private static String text(Random random) {
    String[] parts = {"é", "😀", "x", ",", "\"", "\n", "\r\n", "'", " ", "NULL", "\\", "\t"};
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(parts[random.nextInt(parts.length)]);
    }
    return text.toString();
  }

  private static ByteString bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return new ByteString(bytes);
  }
}
