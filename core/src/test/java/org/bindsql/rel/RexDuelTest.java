package org.bindsql.rel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.expr.Column;
import org.bindsql.expr.VectorExpr;
import org.bindsql.table.ListReader;
import org.bindsql.type.ArrowTypes;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random expressions give in batches what they give a row at a time. */
class RexDuelTest {
  private static final int ROWS = 61;
  private static final int EXPRESSIONS = 300;

  private final long seed = Long.getLong("tests.seed", 6896492769847L);
  private final Random random = new Random(seed);
  private final JavaTypeFactoryImpl types =
      new JavaTypeFactoryImpl() {
        @Override
        public Charset getDefaultCharset() {
          return StandardCharsets.UTF_8;
        }
      };
  private final RexBuilder rex = new RexBuilder(types);

  private static Field nullable(String name, ArrowType type) {
    return Field.nullable(name, type);
  }

  private static final Schema SCHEMA =
      new Schema(
          List.of(
              nullable("b", ArrowType.Bool.INSTANCE),
              Field.notNullable("b1", ArrowType.Bool.INSTANCE),
              nullable("i8", new ArrowType.Int(8, true)),
              nullable("u8", new ArrowType.Int(8, false)),
              nullable("i16", new ArrowType.Int(16, true)),
              nullable("u16", new ArrowType.Int(16, false)),
              nullable("i32", new ArrowType.Int(32, true)),
              Field.notNullable("i32n", new ArrowType.Int(32, true)),
              nullable("u32", new ArrowType.Int(32, false)),
              nullable("i64", new ArrowType.Int(64, true)),
              nullable("f16", new ArrowType.FloatingPoint(FloatingPointPrecision.HALF)),
              nullable("f32", new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE)),
              nullable("f64", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
              Field.notNullable("f64n", new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
              nullable("s", ArrowType.Utf8.INSTANCE),
              Field.notNullable("sn", ArrowType.Utf8.INSTANCE),
              nullable("sl", ArrowType.LargeUtf8.INSTANCE),
              nullable("sv", ArrowType.Utf8View.INSTANCE),
              nullable("x", ArrowType.Binary.INSTANCE),
              nullable("xv", ArrowType.BinaryView.INSTANCE),
              nullable("xf", new ArrowType.FixedSizeBinary(2)),
              nullable("d", new ArrowType.Date(DateUnit.DAY)),
              nullable("dm", new ArrowType.Date(DateUnit.MILLISECOND)),
              nullable("t", new ArrowType.Timestamp(TimeUnit.MILLISECOND, null)),
              nullable("tu", new ArrowType.Timestamp(TimeUnit.MICROSECOND, null))));

  private @Nullable Object value(Field field) {
    if (field.isNullable() && random.nextInt(4) == 0) {
      return null;
    }
    int small = random.nextInt(9) - 4;
    return switch (field.getType()) {
      case ArrowType.Bool ignored -> random.nextBoolean();
      case ArrowType.Int type -> integer(type, small);
      case ArrowType.FloatingPoint ignored ->
          switch (random.nextInt(8)) {
            case 0 -> Double.NaN;
            case 1 -> -0.0;
            case 2 -> Double.POSITIVE_INFINITY;
            default -> small * 0.5;
          };
      case ArrowType.Utf8 ignored -> text();
      case ArrowType.LargeUtf8 ignored -> text();
      case ArrowType.Utf8View ignored -> text() + (random.nextBoolean() ? "a longer text" : "");
      case ArrowType.Binary ignored -> bytes(random.nextInt(4));
      case ArrowType.BinaryView ignored -> bytes(random.nextInt(20));
      case ArrowType.FixedSizeBinary type -> bytes(type.getByteWidth());
      default -> small;
    };
  }

  private long integer(ArrowType.Int type, int small) {
    if (random.nextInt(6) != 0) {
      return type.getIsSigned() ? small : Math.abs(small);
    }
    long any = random.nextLong();
    return switch (type.getBitWidth()) {
      case 8 -> type.getIsSigned() ? (byte) any : any & 0xFF;
      case 16 -> type.getIsSigned() ? (short) any : any & 0xFFFF;
      case 32 -> type.getIsSigned() ? (int) any : any & 0xFFFF_FFFFL;
      default -> any;
    };
  }

  private String text() {
    return RandomRex.TEXTS[random.nextInt(RandomRex.TEXTS.length)];
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (random.nextInt(5) - 2);
    }
    return bytes;
  }

  @Test
  void compiledExpressionsAgreeWithRows() {
    RelDataType rowType = ArrowTypes.toRowType(types, SCHEMA);
    RandomRex expressions = new RandomRex(random, rex, rowType);
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(SCHEMA.getFields().stream().map(this::value).toArray());
    }
    int compiled = 0;
    try (RootAllocator memory = new RootAllocator()) {
      ExecutionContext context = ExecutionContext.of(memory, name -> null);
      int[] all = new int[SCHEMA.getFields().size()];
      Arrays.setAll(all, i -> i);
      try (ListReader reader = new ListReader(SCHEMA, rows, all, context)) {
        Batch batch = Objects.requireNonNull(reader.next());
        for (int i = 0; i < EXPRESSIONS; i++) {
          RexNode node = i % 3 == 0 ? expressions.number(3) : expressions.condition(3);
          Optional<VectorExpr> expression = RexCompiler.compile(node, rex);
          if (expression.isPresent()) {
            compiled++;
            duel(node, expression.get(), batch.withSelection(someRows()), rowType, context);
          }
        }
      }
    }
    assertTrue(compiled > EXPRESSIONS / 2, "few expressions compiled: " + compiled);
  }

  private Selection someRows() {
    return switch (random.nextInt(4)) {
      case 0 -> Selection.range(3, 40);
      case 1 -> {
        int[] positions = random.ints(0, ROWS).limit(20).distinct().sorted().toArray();
        yield Selection.list(positions, positions.length);
      }
      default -> Selection.range(0, ROWS);
    };
  }

  private void duel(
      RexNode node,
      VectorExpr expression,
      Batch batch,
      RelDataType rowType,
      ExecutionContext context) {
    NaiveRex naive = new NaiveRex(node, rowType, rex);
    VariablesDataContext variables = new VariablesDataContext(context, rex);
    List<@Nullable Object> expected = new ArrayList<>();
    List<Integer> passing = new ArrayList<>();
    List<Integer> passingGenerated = new ArrayList<>();
    Selection rows = batch.selection();
    for (int i = 0; i < rows.count(); i++) {
      int position = rows.position(i);
      variables.setRow(batch.columns().stream().map(v -> CellReader.of(v).get(position)).toArray());
      Object value = naive.value(variables);
      expected.add(value);
      if (Boolean.TRUE.equals(value)) {
        passing.add(position);
      }
      if (Boolean.TRUE.equals(naive.generated())) {
        passingGenerated.add(position);
      }
    }
    String message = "seed " + seed + ": " + node;
    Column column = expression.evaluate(batch, context);
    try {
      List<@Nullable Object> actual = new ArrayList<>();
      for (int i = 0; i < rows.count(); i++) {
        actual.add(valueAt(column, rows.position(i)));
      }
      assertEquals(expected.toString(), actual.toString(), message);
    } finally {
      column.release();
    }
    if (node.getType().getSqlTypeName() == SqlTypeName.BOOLEAN) {
      Selection kept =
          RexCompiler.compilePredicate(node, rex).orElseThrow().filter(batch, rows, context);
      assertEquals(passing, positions(kept), message);
      Selection rowByRow = new RowPredicate(node, rowType, rex).filter(batch, rows, context);
      assertEquals(passingGenerated, positions(rowByRow), message);
    }
  }

  private static List<Integer> positions(Selection rows) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < rows.count(); i++) {
      positions.add(rows.position(i));
    }
    return positions;
  }

  private static @Nullable Object valueAt(Column column, int row) {
    return switch (column) {
      case Column.ScalarColumn(Object value) -> value;
      case Column.VectorColumn(FieldVector vector, boolean ignored) ->
          CellReader.of(vector).get(row);
    };
  }
}
