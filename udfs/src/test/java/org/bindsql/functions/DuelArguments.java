package org.bindsql.functions;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.Float4Vector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.LargeVarBinaryVector;
import org.apache.arrow.vector.LargeVarCharVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.impl.UnionListWriter;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.expr.Column;
import org.bindsql.schema.SchemaJson;
import org.bindsql.schema.SchemaSidecar;
import org.jspecify.annotations.Nullable;

/** Random arguments of one function for a batch: the values, and vectors or constants of them. */
final class DuelArguments {
  private static final List<String> PREDICATES =
      List.of(
          "{}",
          "{\"ani\":{\"level\":3}}",
          "{\"version\":2}",
          "{\"any\":[{\"bloom\":{\"neighbor\":5}},{\"nars\":{\"min_frequency\":0.5}}]}");
  private static final List<String> SCHEMAS =
      List.of("{}", "{\"nars\":{\"frequency\":0.25}}", "{\"dn\":{\"path\":[1,2,3]}}");

  private final Random random;
  private final String function;
  private final int rows;
  private final List<Argument> arguments = new ArrayList<>();

  private record Argument(
      OperandKind kind, RelDataType type, boolean constant, List<@Nullable Object> values) {}

  DuelArguments(String function, Random random, RelDataTypeFactory types) {
    this.random = random;
    this.function = function;
    this.rows = random.nextInt(1, 20);
    Operands operands = operands(function);
    int length = List.of(0, 1, 5, 8, 13, 64, 2048).get(random.nextInt(7));
    int extra = operands.variadic() ? random.nextInt(4) : 0;
    for (int i = 0; i < operands.list().size() + extra; i++) {
      OperandKind kind = operands.list().get(Math.min(i, operands.list().size() - 1)).kind();
      boolean constant = kind != OperandKind.NUMBERS && random.nextInt(3) == 0;
      List<@Nullable Object> values = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        values.add(
            constant && row > 0
                ? values.getFirst()
                : random.nextInt(6) == 0 ? null : value(kind, i, length));
      }
      arguments.add(new Argument(kind, type(types, kind, i, length), constant, values));
    }
  }

  private static Operands operands(String function) {
    for (SqlOperator operator : Functions.ALL) {
      if (operator.getName().equals(function)
          && operator instanceof BindFunction bind
          && bind.getFunction() instanceof RowForm form) {
        return form.operands();
      }
    }
    throw new AssertionError(function);
  }

  private int codeLength(int i, int length) {
    return switch (function) {
      case "SCENT_DISTANCE" -> 5;
      case "MAKE_FINGERPRINT" -> 1664;
      default -> length;
    };
  }

  private RelDataType type(RelDataTypeFactory types, OperandKind kind, int i, int length) {
    RelDataType type =
        switch (kind) {
          case RECORD -> types.createSqlType(SqlTypeName.BINARY, 2048);
          case CODE ->
              codeLength(i, length) == 0
                  ? types.createSqlType(SqlTypeName.VARBINARY)
                  : types.createSqlType(SqlTypeName.BINARY, codeLength(i, length));
          case CODE_OR_INTEGER, INTEGER -> types.createSqlType(SqlTypeName.BIGINT);
          case NUMBER -> types.createSqlType(SqlTypeName.DOUBLE);
          case BOOLEAN -> types.createSqlType(SqlTypeName.BOOLEAN);
          case TEXT -> types.createSqlType(SqlTypeName.VARCHAR);
          case NUMBERS -> types.createArrayType(types.createSqlType(SqlTypeName.REAL), -1);
        };
    return types.createTypeWithNullability(type, true);
  }

  private Object value(OperandKind kind, int i, int length) {
    return switch (kind) {
      case CODE -> bytes(codeLength(i, length));
      case RECORD -> record();
      case INTEGER -> function.equals("RL_SCORE") && i == 1 ? 8 : random.nextLong(8);
      case CODE_OR_INTEGER -> random.nextLong();
      case NUMBER ->
          function.equals("MEXICAN_HAT")
              ? List.of(random.nextDouble() * 6000, 100.0, 4000.0, 0.25).get(i)
              : (Double) random.nextDouble();
      case TEXT -> text();
      case BOOLEAN -> random.nextBoolean();
      case NUMBERS -> List.of(random.nextFloat(), random.nextFloat(), (float) random.nextInt(5));
    };
  }

  private String text() {
    return switch (function) {
      case "SCHEMA_PASSES" -> PREDICATES.get(random.nextInt(PREDICATES.size()));
      case "MAKE_FINGERPRINT" -> SCHEMAS.get(random.nextInt(SCHEMAS.size()));
      default -> List.of("", "read bytes", "Füße", "x").get(random.nextInt(4)) + random.nextInt(9);
    };
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] record() {
    byte[] record = bytes(2048);
    if (random.nextInt(4) > 0) {
      SchemaSidecar sidecar = SchemaSidecar.of(record);
      SchemaJson.read(
          "test",
          """
          {"ani": {"planning": %d}, "nars": {"frequency": %s, "confidence": 0.5},
           "rl": {"q": [0,0,0,0.5,0,0,0,%s,0,0,0,0,0,0,0,0]},
           "bloom": {"neighbors": [%d]}, "graph": {"degree": 3}}
          """
              .formatted(
                  random.nextInt(3), random.nextDouble(), random.nextDouble(), random.nextInt(8)),
          sidecar);
    }
    return record;
  }

  int rows() {
    return rows;
  }

  List<RelDataType> types() {
    return arguments.stream().map(Argument::type).toList();
  }

  List<@Nullable Object> row(int row) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Argument argument : arguments) {
      values.add(argument.values().get(row));
    }
    return values;
  }

  List<Column> columns(BufferAllocator allocator) {
    List<Column> columns = new ArrayList<>();
    for (Argument argument : arguments) {
      columns.add(
          argument.constant()
              ? new Column.ScalarColumn(argument.values().getFirst())
              : new Column.VectorColumn(vector(argument, allocator), true));
    }
    return columns;
  }

  private FieldVector vector(Argument argument, BufferAllocator allocator) {
    int choice = random.nextInt(3);
    FieldVector vector =
        switch (argument.kind()) {
          case CODE, RECORD -> {
            int width = Math.max(1, argument.type().getPrecision());
            boolean fixed = argument.type().getSqlTypeName() == SqlTypeName.BINARY && choice == 0;
            yield fixed
                ? new FixedSizeBinaryVector("v", allocator, width)
                : choice == 1
                    ? new LargeVarBinaryVector("v", allocator)
                    : new VarBinaryVector("v", allocator);
          }
          case CODE_OR_INTEGER -> new BigIntVector("v", allocator);
          case INTEGER ->
              choice == 0
                  ? new IntVector("v", allocator)
                  : choice == 1
                      ? new SmallIntVector("v", allocator)
                      : new BigIntVector("v", allocator);
          case NUMBER -> new Float8Vector("v", allocator);
          case BOOLEAN -> new BitVector("v", allocator);
          case TEXT ->
              choice == 0
                  ? new LargeVarCharVector("v", allocator)
                  : new VarCharVector("v", allocator);
          case NUMBERS -> ListVector.empty("v", allocator);
        };
    vector.setInitialCapacity(rows);
    vector.allocateNew();
    if (vector instanceof ListVector lists) {
      writeLists(lists, argument);
    } else {
      for (int row = 0; row < rows; row++) {
        write(vector, row, argument.values().get(row));
      }
      vector.setValueCount(rows);
    }
    return vector;
  }

  private void writeLists(ListVector lists, Argument argument) {
    UnionListWriter writer = lists.getWriter();
    for (int row = 0; row < rows; row++) {
      writer.setPosition(row);
      if (argument.values().get(row) instanceof List<?> list) {
        writer.startList();
        for (Object element : list) {
          writer.float4().writeFloat4((Float) requireNonNull(element));
        }
        writer.endList();
      } else {
        writer.writeNull();
      }
    }
    writer.setValueCount(rows);
  }

  private static void write(FieldVector vector, int row, @Nullable Object value) {
    if (value == null) {
      vector.setNull(row);
      return;
    }
    switch (vector) {
      case FixedSizeBinaryVector v -> v.set(row, (byte[]) value);
      case VarBinaryVector v -> v.setSafe(row, (byte[]) value);
      case LargeVarBinaryVector v -> v.setSafe(row, (byte[]) value);
      case VarCharVector v -> v.setSafe(row, ((String) value).getBytes(StandardCharsets.UTF_8));
      case LargeVarCharVector v ->
          v.setSafe(row, ((String) value).getBytes(StandardCharsets.UTF_8));
      case BitVector v -> v.set(row, (Boolean) value ? 1 : 0);
      case BigIntVector v -> v.set(row, ((Number) value).longValue());
      case IntVector v -> v.set(row, ((Number) value).intValue());
      case SmallIntVector v -> v.set(row, ((Number) value).shortValue());
      case Float8Vector v -> v.set(row, (Double) value);
      case Float4Vector v -> v.set(row, (Float) value);
      default -> throw new AssertionError(vector.getMinorType());
    }
  }
}
