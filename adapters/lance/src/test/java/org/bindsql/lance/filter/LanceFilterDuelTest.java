package org.bindsql.lance.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.DateDayVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.TimeStampMicroVector;
import org.apache.arrow.vector.TimeStampMilliVector;
import org.apache.arrow.vector.TimeStampNanoVector;
import org.apache.arrow.vector.TimeStampSecVector;
import org.apache.arrow.vector.TinyIntVector;
import org.apache.arrow.vector.UInt1Vector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.DataContexts;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.plan.RelOptPredicateList;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutable;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexSimplify;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.TimestampString;
import org.bindsql.lance.Head;
import org.bindsql.lance.Lance;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.Snapshots;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.lance.index.IndexKind;
import org.bindsql.lance.index.LanceIndex;
import org.bindsql.lance.index.LanceIndexes;
import org.bindsql.lance.index.LanceIndexes.Definition;
import org.bindsql.lance.upkeep.Upkeep;
import org.bindsql.table.BatchTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random predicates: Lance's answer to what is pushed equals Enumerable's. */
class LanceFilterDuelTest {
  private static final int ROWS = 60;
  private static final int PREDICATES = 150;
  private static final int ROUNDS = 5;

  private final long seed = Long.getLong("tests.seed", 20261120L);
  private final Random random = new Random(seed);
  private final RelDataTypeFactory types =
      new JavaTypeFactoryImpl() {
        @Override
        public Charset getDefaultCharset() {
          return StandardCharsets.UTF_8;
        }
      };
  private final RexBuilder rex = new RexBuilder(types);
  private final List<@Nullable Object> parameters = new ArrayList<>();

  @TempDir Path folder;

  @Test
  void pushedPredicatesMeanWhatSqlMeans() {
    try (Lance lance = new Lance(folder)) {
      for (int part = 0; part < 3; part++) {
        append(lance);
      }
      duel(lance, ROUNDS);
    }
  }

  /** Indexes of one kind on all columns that can have one, with rows that they do not cover. */
  @ParameterizedTest
  @EnumSource(IndexKind.class)
  void predicatesMeanTheSameWithIndexes(IndexKind kind) {
    try (Lance lance = new Lance(folder)) {
      append(lance);
      append(lance);
      LanceTable table = lance.table("t");
      int indexes = 0;
      for (Field column : table.arrowSchema().getFields()) {
        if (kind.accepts(column)) {
          String name = column.getName();
          LanceIndexes.create(
              table, new Definition("x" + indexes++, List.of(name), kind, List.of()), false, false);
        }
      }
      duel(lance, 1); // all rows covered
      append(lance);
      Head.change(
          lance.table("t"),
          "deletion",
          dataset -> {
            dataset.delete("id % 7 = 3");
            return true;
          });
      duel(lance, 1); // deleted rows, and rows that are not covered
      Upkeep.optimize(lance.table("t"), Upkeep.Optimization.DEFAULT.withDeletedShare(0), () -> {});
      assertEquals(1, fragments(lance));
      for (LanceIndex index : LanceIndexes.list(lance.table("t"))) {
        assertEquals(0, index.rowsUnindexed(), index.name());
      }
      duel(lance, 1); // everything rewritten
    }
  }

  private static int fragments(Lance lance) {
    return Head.read(lance.table("t"), "fragments", dataset -> dataset.getFragments().size());
  }

  private void append(Lance lance) {
    List<FieldVector> vectors = vectors(lance);
    Schema schema = new Schema(vectors.stream().map(FieldVector::getField).toList());
    lance.write("t", Mode.APPEND, schema, ROWS, vectors.toArray(FieldVector[]::new));
  }

  private void duel(Lance lance, int rounds) {
    LanceTable table = lance.table("t");
    RelDataType rowType = table.getRowType(types);
    List<@Nullable Object[]> rows = rows(lance, table);
    int pushed = 0;
    for (int round = 0; round < rounds; round++) {
      parameters.clear();
      List<RexNode> predicates = new ArrayList<>();
      for (int i = 0; i < PREDICATES; i++) {
        RexNode predicate = predicate(rowType, 3);
        predicates.add(random.nextBoolean() ? predicate : simplify(predicate));
      }
      List<List<Integer>> expected = expected(predicates, rowType, rows);
      for (int i = 0; i < predicates.size(); i++) {
        RexNode predicate = predicates.get(i);
        PushDown pushDown = table.pushDown(List.of(predicate), rex);
        if (pushDown.remainder().isEmpty()) {
          pushed++;
          check(lance, table, predicate, expected.get(i));
        }
      }
    }
    assertTrue(pushed > PREDICATES * rounds / 3, "only " + pushed + " pushed, seed " + seed);
  }

  private void check(Lance lance, BatchTable table, RexNode predicate, List<Integer> expected) {
    Object[] values = parameters.toArray();
    List<Integer> actual = new ArrayList<>();
    ScanRequest request = new ScanRequest(new int[] {0}, List.of(predicate), -1);
    String hint =
        "seed "
            + seed
            + ": "
            + predicate
            + " with "
            + parameters
            + " as "
            + LanceFilter.print(Snapshots.of(table), List.of(predicate), index -> values[index]);
    try (BatchReader reader = table.scan(request, lance.context(values))) {
      Lance.rows(reader).forEach(row -> actual.add((Integer) row.get(0)));
    } catch (RuntimeException e) {
      throw new AssertionError(hint, e);
    }
    assertEquals(expected, actual, hint);
    assertEquals(expected.size(), table.count(request, lance.context(values)), hint);
  }

  private RexNode simplify(RexNode node) {
    return new RexSimplify(rex, RelOptPredicateList.EMPTY, new RexExecutorImpl(DataContexts.EMPTY))
        .simplifyUnknownAsFalse(node);
  }

  /** Row numbers for which Enumerable's generated code says TRUE. */
  private List<List<Integer>> expected(
      List<RexNode> predicates, RelDataType rowType, List<@Nullable Object[]> rows) {
    RexExecutable executable = RexExecutorImpl.getExecutable(rex, predicates, rowType);
    List<List<Integer>> result = new ArrayList<>();
    predicates.forEach(predicate -> result.add(new ArrayList<>()));
    for (@Nullable Object[] row : rows) {
      executable.setDataContext(
          DataContexts.of(name ->
              name.equals("inputRecord")
                  ? row
                  : name.startsWith("?")
                      ? parameters.get(Integer.parseInt(name.substring(1)))
                      : null));
      @Nullable Object[] values = executable.execute();
      for (int i = 0; values != null && i < values.length; i++) {
        if (Boolean.TRUE.equals(values[i])) {
          result.get(i).add((Integer) row[0]);
        }
      }
    }
    return result;
  }

  private static List<@Nullable Object[]> rows(Lance lance, LanceTable table) {
    int columns = table.arrowSchema().getFields().size();
    int[] all = java.util.stream.IntStream.range(0, columns).toArray();
    List<@Nullable Object[]> rows = new ArrayList<>();
    try (BatchReader reader = table.scan(ScanRequest.of(all), lance.context())) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        List<CellReader> cells = batch.columns().stream().map(CellReader::of).toList();
        for (int i = 0; i < batch.rowCount(); i++) {
          int row = i;
          rows.add(cells.stream().map(cell -> cell.get(row)).toArray());
        }
      }
    }
    return rows;
  }

  private int nextRow;

  private List<FieldVector> vectors(Lance lance) {
    IntVector id = new IntVector("id", lance.allocator);
    TinyIntVector i8 = new TinyIntVector("i8", lance.allocator);
    BigIntVector i64 = new BigIntVector("i64", lance.allocator);
    UInt1Vector u8 = new UInt1Vector("u8", lance.allocator);
    UInt4Vector u32 = new UInt4Vector("u32", lance.allocator);
    Float4Vector f4 = new Float4Vector("f4", lance.allocator);
    Float8Vector f8 = new Float8Vector("f8", lance.allocator);
    VarCharVector text = new VarCharVector("Mixed 'text\"", lance.allocator);
    LargeVarCharVector large = new LargeVarCharVector("select", lance.allocator);
    VarBinaryVector bytes = new VarBinaryVector("bytes", lance.allocator);
    FixedSizeBinaryVector fixed = new FixedSizeBinaryVector("fixed", lance.allocator, 2);
    BitVector flag = new BitVector("flag", lance.allocator);
    DateDayVector day = new DateDayVector("day", lance.allocator);
    TimeStampSecVector seconds = new TimeStampSecVector("seconds", lance.allocator);
    TimeStampMilliVector millis = new TimeStampMilliVector("millis", lance.allocator);
    TimeStampMicroVector micros = new TimeStampMicroVector("micros", lance.allocator);
    TimeStampNanoVector nanos = new TimeStampNanoVector("nanos", lance.allocator);
    List<FieldVector> vectors =
        List.of(
            id, i8, i64, u8, u32, f4, f8, text, large, bytes, fixed, flag, day, seconds, millis,
            micros, nanos);
    vectors.forEach(vector -> vector.setInitialCapacity(ROWS));
    vectors.forEach(FieldVector::allocateNew);
    for (int i = 0; i < ROWS; i++) {
      id.setSafe(i, nextRow++);
      int row = i;
      maybe(() -> i8.setSafe(row, pick(LONGS).intValue()));
      maybe(() -> i64.setSafe(row, pick(LONGS)));
      maybe(() -> u8.setSafe(row, pick(LONGS).intValue()));
      maybe(() -> u32.setSafe(row, pick(LONGS).intValue()));
      maybe(() -> f4.setSafe(row, pick(DOUBLES).floatValue()));
      maybe(() -> f8.setSafe(row, pick(DOUBLES)));
      maybe(() -> text.setSafe(row, pick(TEXTS).getBytes(StandardCharsets.UTF_8)));
      maybe(() -> large.setSafe(row, pick(TEXTS).getBytes(StandardCharsets.UTF_8)));
      maybe(() -> bytes.setSafe(row, pick(BYTES)));
      maybe(() -> fixed.setSafe(row, java.util.Arrays.copyOf(pick(BYTES), 2)));
      maybe(() -> flag.setSafe(row, random.nextInt(2)));
      maybe(() -> day.setSafe(row, pick(LONGS).intValue()));
      maybe(() -> seconds.setSafe(row, pick(MICROS) / 1_000_000));
      maybe(() -> millis.setSafe(row, pick(MICROS) / 1000));
      maybe(() -> micros.setSafe(row, pick(MICROS)));
      maybe(() -> nanos.setSafe(row, pick(MICROS) * 1000 + random.nextInt(3) - 1));
    }
    vectors.forEach(vector -> vector.setValueCount(ROWS));
    return vectors;
  }

  private void maybe(Runnable set) {
    if (random.nextInt(6) > 0) {
      set.run();
    }
  }

  private static final List<Long> LONGS =
      List.of(
          0L,
          1L,
          -1L,
          5L,
          127L,
          -128L,
          128L,
          255L,
          256L,
          4_294_967_295L,
          19_000L,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          1L << 40);
  private static final List<Double> DOUBLES =
      List.of(
          0.0,
          -0.0,
          1.5,
          -1.5,
          0.1,
          (double) 0.1f,
          Double.NaN,
          Double.longBitsToDouble(0xfff8000000000001L),
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.MAX_VALUE,
          -Double.MAX_VALUE,
          Double.MIN_VALUE,
          (double) Float.MAX_VALUE,
          (double) Float.MIN_VALUE,
          16_777_217.0);
  private static final List<String> TEXTS =
      List.of(
          "", "a", "A", "ab", "a%b", "a_b", "a\\b", "a'b", "''", "a\"b", "`", "a\nb", "a\0b", "é",
          "\uFFFD", "😀", "a😀", "\uE000", "--", "';", "a b", "b ", "%", "_", "\\", "\\%");
  private static final List<byte[]> BYTES =
      List.of(
          new byte[0],
          new byte[1],
          new byte[] {1, 2},
          new byte[] {-1, 0},
          new byte[] {127},
          new byte[] {-128, 5},
          new byte[] {1, 2, 3});
  private static final List<Long> MICROS =
      List.of(
          0L,
          1L,
          -1L,
          999L,
          1000L,
          -1000L,
          -999L,
          1_000_000L,
          -1_000_000L,
          1_500_000L,
          1_700_000_000_123_456L,
          -1_700_000_000_123_456L);

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private RexNode predicate(RelDataType rowType, int depth) {
    int kind = random.nextInt(depth > 0 ? 9 : 4);
    return switch (kind) {
      case 4 -> rex.makeCall(SqlStdOperatorTable.NOT, predicate(rowType, depth - 1));
      case 5, 6 ->
          rex.makeCall(
              kind == 5 ? SqlStdOperatorTable.AND : SqlStdOperatorTable.OR,
              predicate(rowType, depth - 1),
              predicate(rowType, depth - 1));
      case 7 -> rex.makeCall(pick(TRUTHS), predicate(rowType, depth - 1));
      case 8 ->
          rex.makeCall(
              SqlStdOperatorTable.OR,
              predicate(rowType, 0),
              predicate(rowType, 0),
              predicate(rowType, depth - 1));
      default -> leaf(rowType);
    };
  }

  private static final List<SqlOperator> TRUTHS =
      List.of(
          SqlStdOperatorTable.IS_TRUE,
          SqlStdOperatorTable.IS_FALSE,
          SqlStdOperatorTable.IS_NOT_TRUE,
          SqlStdOperatorTable.IS_NOT_FALSE);
  private static final List<SqlOperator> COMPARISONS =
      List.of(
          SqlStdOperatorTable.EQUALS,
          SqlStdOperatorTable.NOT_EQUALS,
          SqlStdOperatorTable.LESS_THAN,
          SqlStdOperatorTable.LESS_THAN_OR_EQUAL,
          SqlStdOperatorTable.GREATER_THAN,
          SqlStdOperatorTable.GREATER_THAN_OR_EQUAL);

  private RexNode leaf(RelDataType rowType) {
    int column = 1 + random.nextInt(rowType.getFieldCount() - 1);
    RexNode ref = rex.makeInputRef(rowType.getFieldList().get(column).getType(), column);
    SqlTypeName type = ref.getType().getSqlTypeName();
    if (type == SqlTypeName.BOOLEAN && random.nextInt(3) > 0) {
      return ref;
    }
    return switch (random.nextInt(6)) {
      case 0 ->
          rex.makeCall(
              random.nextBoolean() ? SqlStdOperatorTable.IS_NULL : SqlStdOperatorTable.IS_NOT_NULL,
              ref);
      case 1 -> {
        List<RexNode> values = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(4); i++) {
          values.add(literal(ref.getType()));
        }
        RexNode in = rex.makeIn(ref, values);
        yield random.nextBoolean() ? in : rex.makeCall(SqlStdOperatorTable.NOT, in);
      }
      case 2 -> {
        if (type != SqlTypeName.VARCHAR) {
          yield rex.makeCall(
              SqlStdOperatorTable.AND,
              rex.makeCall(SqlStdOperatorTable.GREATER_THAN_OR_EQUAL, ref, literal(ref.getType())),
              rex.makeCall(SqlStdOperatorTable.LESS_THAN, ref, literal(ref.getType())));
        }
        String pattern = pick(LIKES);
        yield random.nextBoolean()
            ? rex.makeCall(SqlStdOperatorTable.LIKE, ref, text(pattern))
            : rex.makeCall(SqlStdOperatorTable.LIKE, ref, text("a!%" + pattern), text("!"));
      }
      case 3 -> compare(ref, parameter(ref.getType()));
      default -> compare(ref, literal(ref.getType()));
    };
  }

  private static final List<String> LIKES =
      List.of("a%", "%b", "a_b", "%", "", "_", "a\\b", "%'%", "a\n%", "%😀", "__", "é", "%\\%");

  private RexNode text(String value) {
    return rex.makeLiteral(value, types.createSqlType(SqlTypeName.VARCHAR), false);
  }

  private RexNode compare(RexNode ref, RexNode value) {
    SqlOperator operator = pick(COMPARISONS);
    return random.nextInt(4) == 0
        ? rex.makeCall(operator, value, ref)
        : rex.makeCall(operator, ref, value);
  }

  private RexNode literal(RelDataType columnType) {
    RelDataType type = types.createTypeWithNullability(columnType, false);
    return switch (columnType.getSqlTypeName()) {
      case BOOLEAN -> rex.makeLiteral(random.nextBoolean());
      case TINYINT, SMALLINT, INTEGER, BIGINT ->
          rex.makeExactLiteral(BigDecimal.valueOf(fitting(columnType)), type);
      case REAL, DOUBLE -> {
        double value = pick(DOUBLES);
        yield Double.isFinite(value)
            ? rex.makeApproxLiteral(
                new BigDecimal(
                    columnType.getSqlTypeName() == SqlTypeName.REAL
                        ? finite((float) value)
                        : value),
                type)
            : rex.makeApproxLiteral(BigDecimal.ONE, type);
      }
      case VARCHAR -> text(pick(TEXTS));
      case BINARY, VARBINARY -> rex.makeBinaryLiteral(new ByteString(pick(BYTES)));
      case DATE ->
          rex.makeDateLiteral(DateString.fromDaysSinceEpoch(pick(LONGS).intValue() & 0xffff));
      default ->
          rex.makeTimestampLiteral(
              TimestampString.fromMillisSinceEpoch(Math.floorDiv(pick(MICROS), 1000L)), 3);
    };
  }

  private static float finite(float value) {
    return Float.isFinite(value) ? value : 1;
  }

  private long fitting(RelDataType type) {
    long value = pick(LONGS);
    return switch (type.getSqlTypeName()) {
      case TINYINT -> (byte) value;
      case SMALLINT -> (short) value;
      case INTEGER -> (int) value;
      default -> value;
    };
  }

  private RexNode parameter(RelDataType columnType) {
    RelDataType type = types.createTypeWithNullability(columnType, true);
    long number = fitting(columnType);
    Object value =
        switch (columnType.getSqlTypeName()) {
          case BOOLEAN -> random.nextBoolean();
          case TINYINT -> (byte) number;
          case SMALLINT -> (short) number;
          case INTEGER -> (int) number;
          case BIGINT -> number;
          case REAL -> pick(DOUBLES).floatValue();
          case DOUBLE -> pick(DOUBLES);
          case VARCHAR -> pick(TEXTS);
          case BINARY, VARBINARY -> new ByteString(pick(BYTES));
          case DATE -> pick(LONGS).intValue();
          default -> Math.floorDiv(pick(MICROS), 1000L);
        };
    parameters.add(random.nextInt(8) == 0 ? null : value);
    return rex.makeDynamicParam(type, parameters.size() - 1);
  }
}
