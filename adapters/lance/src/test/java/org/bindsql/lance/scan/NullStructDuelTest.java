package org.bindsql.lance.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.Changes;
import org.bindsql.lance.Changes.Row;
import org.bindsql.lance.Lance;
import org.bindsql.lance.RandomVectors;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.lance.ddl.LanceTables.Mode;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.lance.definition.TableOptions;
import org.bindsql.lance.upkeep.Upkeep;
import org.bindsql.lance.upkeep.Upkeep.Optimization;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nested columns with NULLs at every level: scans with a filter of Lance's beside one without. */
class NullStructDuelTest {
  private static final ArrowType WHOLE = new ArrowType.Int(64, true);
  private static final ArrowType SINGLE =
      new ArrowType.FloatingPoint(FloatingPointPrecision.SINGLE);
  private static final ArrowType DECIMAL = new ArrowType.Decimal(38, 3, 128);
  private static final ArrowType TEXT = ArrowType.Utf8.INSTANCE;

  private static final List<Field> NESTED =
      List.of(
          row("mixed", true, leaf("a", WHOLE), leaf("b", TEXT)),
          row("narrow", true, leaf("a", WHOLE), leaf("b", WHOLE), leaf("c", SINGLE)),
          row("fixed", true, leaf("a", WHOLE), leaf("b", DECIMAL)),
          row("wide", true, leaf("a", TEXT), leaf("b", TEXT)),
          row("one", true, leaf("a", TEXT)),
          row("nested", true, leaf("a", WHOLE), row("r", true, leaf("x", WHOLE), leaf("y", TEXT))),
          row("inner", false, row("r", true, leaf("x", WHOLE), leaf("y", TEXT))),
          row("present", false, leaf("x", WHOLE), leaf("y", TEXT)),
          row("with_list", true, leaf("a", WHOLE), list("l", leaf("item", WHOLE))),
          list("rows", row("item", true, leaf("a", WHOLE), leaf("b", TEXT))),
          list("present_rows", row("item", false, leaf("a", WHOLE), leaf("b", TEXT))));

  private static final Field MAP =
      new Field(
          "map",
          FieldType.nullable(new ArrowType.Map(false)),
          List.of(row("entries", false, Field.notNullable("key", WHOLE), leaf("value", TEXT))));

  /** Rows of one of three fragments. */
  private static final int ROWS = 400;

  @TempDir Path folder;

  private static Field leaf(String name, ArrowType type) {
    return Field.nullable(name, type);
  }

  private static Field row(String name, boolean nullable, Field... parts) {
    return new Field(
        name, new FieldType(nullable, ArrowType.Struct.INSTANCE, null), List.of(parts));
  }

  private static Field list(String name, Field element) {
    return new Field(name, FieldType.nullable(ArrowType.List.INSTANCE), List.of(element));
  }

  @ParameterizedTest
  @CsvSource({"2.1, 1", "2.1, 2", "2.2, 3"})
  void filteredRowsAreThoseOfAnUnfilteredScan(String version, long seed) {
    Random random = new Random(seed);
    List<Field> fields = new ArrayList<>(NESTED);
    if (version.equals("2.2")) {
      fields.add(MAP);
    }
    fields.add(random.nextInt(fields.size()), leaf("id", WHOLE));
    try (Lance lance = new Lance(folder)) {
      Changes changes = new Changes(lance);
      for (int part = 0; part < 3; part++) {
        write(lance, new Schema(fields), version, part, random);
      }
      duel(lance, random);
      try (StatementScope scope = new StatementScope()) {
        List<Long> addresses = changes.addresses("t", scope);
        List<Row> gone =
            IntStream.range(0, addresses.size())
                .filter(i -> random.nextInt(10) == 0)
                .mapToObj(i -> Row.delete(addresses.get(i), fields.size()))
                .toList();
        changes.apply("t", scope, gone);
      }
      duel(lance, random);
      changes.index("t", "id");
      duel(lance, random);
      Upkeep.optimize(lance.table("t"), Optimization.DEFAULT, () -> {});
      duel(lance, random);
    }
  }

  @Test
  void aFormatThatLosesThemTakesNone() {
    try (Lance lance = new Lance(folder)) {
      Changes changes = new Changes(lance);
      List<Field> fields = List.of(leaf("id", WHOLE), row("r", true, leaf("a", WHOLE)));
      changes.create("t", new Schema(fields), false, "2.0");
      BindSqlException failure =
          assertThrows(BindSqlException.class, () -> changes.append("t", Arrays.asList(1L, null)));
      assertEquals(ErrorCode.NOT_SUPPORTED, failure.code());
      assertEquals(
          "column r: NULL in place of a ROW needs data_storage_version 2.1, the table has 2.0",
          failure.getMessage());
      assertEquals(List.of(), changes.rows("t"));
    }
  }

  private static void write(Lance lance, Schema columns, String version, int part, Random random) {
    List<FieldVector> vectors = new ArrayList<>();
    for (Field field : columns.getFields()) {
      FieldVector vector = field.createVector(lance.allocator);
      RandomVectors.fill(vector, ROWS, random);
      for (int i = 0; i < ROWS; i++) {
        if (vector instanceof BigIntVector ids) {
          ids.set(i, part * ROWS + i);
        } else if (vector instanceof StructVector struct
            && field.isNullable()
            && i % 50 > 10
            && i % 7 != 0) {
          struct.setNull(i); // stretches where most rows are NULL
        }
      }
      vectors.add(vector);
    }
    try {
      LanceTables.write(
          lance.schema.location(),
          "t",
          new TableDefinition(columns, TableOptions.NONE.withStorageVersion(version), null),
          Lance.oneBatch(Batch.of(vectors, ROWS)),
          part == 0 ? Mode.CREATE : Mode.APPEND,
          lance.session);
    } finally {
      vectors.forEach(FieldVector::close);
    }
  }

  private static void duel(Lance lance, Random random) {
    List<String> names =
        lance.table("t").arrowSchema().getFields().stream().map(Field::getName).toList();
    int id = names.indexOf("id");
    int[] all = IntStream.range(0, names.size()).toArray();
    SortedMap<Long, String> rows = printed(lance, new ScanRequest(all, List.of(), -1), id);
    for (int round = 0; round < 20; round++) {
      SortedSet<Long> ids = new TreeSet<>();
      int count = 1 + random.nextInt(round < 10 ? 3 : 300);
      for (int i = 0; i < count; i++) {
        ids.add(random.nextLong(3 * ROWS));
      }
      SortedMap<Long, String> expected = new TreeMap<>(rows);
      expected.keySet().retainAll(ids);
      ScanRequest request = new ScanRequest(all, List.of(isOneOf(id, ids)), -1);
      assertEquals(expected, printed(lance, request, id));
    }
  }

  private static SortedMap<Long, String> printed(Lance lance, ScanRequest request, int id) {
    SortedMap<Long, String> rows = new TreeMap<>();
    for (List<@Nullable Object> row : lance.rows("t", request)) {
      rows.put((Long) row.get(id), row.toString());
    }
    return rows;
  }

  private static RexNode isOneOf(int column, SortedSet<Long> values) {
    RexBuilder rex = new RexBuilder(new JavaTypeFactoryImpl());
    RelDataType type = rex.getTypeFactory().createSqlType(SqlTypeName.BIGINT);
    RexNode ref = rex.makeInputRef(type, column);
    List<RexNode> literals =
        values.stream()
            .<RexNode>map(value -> rex.makeExactLiteral(BigDecimal.valueOf(value), type))
            .toList();
    return literals.size() == 1
        ? rex.makeCall(SqlStdOperatorTable.EQUALS, ref, literals.getFirst())
        : rex.makeIn(ref, literals);
  }
}
