package org.bindsql.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.error.BindSqlException;
import org.bindsql.expr.Column;
import org.bindsql.expr.VectorFunction;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Every function's batch form against its row form. */
class BatchDuelTest {
  private static final int ROUNDS = 40;

  private final JavaTypeFactoryImpl types = new JavaTypeFactoryImpl();
  private final Random random = new Random(Codes.seed());

  @Test
  void batchesEqualRows() {
    int functions = 0;
    try (BufferAllocator allocator = new RootAllocator()) {
      for (SqlOperator operator : Functions.ALL) {
        if (operator instanceof BindFunction function) {
          for (int round = 0; round < ROUNDS; round++) {
            functions += duel(function, allocator) ? 1 : 0;
          }
        }
      }
    }
    assertTrue(functions > 40 * ROUNDS, "batch forms: " + functions);
  }

  /** False if the function has no batch form. */
  private boolean duel(BindFunction function, BufferAllocator allocator) {
    DuelArguments arguments = new DuelArguments(function.getName(), random, types);
    RelDataType resultType = resultType(function, arguments.types());
    VectorFunction batch = function.vectorFunction(arguments.types());
    if (resultType.isStruct()) {
      assertNull(batch, function.getName());
      return false;
    }
    assertNotNull(batch, function.getName());
    int[] positions = new int[arguments.rows()];
    int count = 0;
    for (int row = 0; row < positions.length; row++) {
      if (random.nextInt(3) > 0) {
        positions[count++] = row;
      }
    }
    Selection selection =
        random.nextBoolean()
            ? Selection.list(positions, count)
            : Selection.range(random.nextInt(arguments.rows() + 1), arguments.rows());
    List<Column> columns = arguments.columns(allocator);
    try (FieldVector result = ArrowTypes.toArrow("result", resultType).createVector(allocator)) {
      result.setInitialCapacity(arguments.rows());
      result.allocateNew();
      batch.apply(columns, selection, result);
      result.setValueCount(arguments.rows());
      for (int i = 0; i < selection.count(); i++) {
        int row = selection.position(i);
        assertEquals(
            text(expected(function, arguments.row(row))),
            text(result.getObject(row)),
            () -> function.getName() + " at row " + row);
      }
    } finally {
      columns.forEach(Column::release);
    }
    return true;
  }

  private RelDataType resultType(BindFunction function, List<RelDataType> operandTypes) {
    RexBuilder builder = new RexBuilder(types);
    List<RexNode> operands = new ArrayList<>();
    for (RelDataType type : operandTypes) {
      operands.add(builder.makeInputRef(type, operands.size()));
    }
    return builder.deriveReturnType(function, operands);
  }

  private static @Nullable Object expected(
      BindFunction function, List<@Nullable Object> arguments) {
    return arguments.contains(null) ? null : function.evaluate(arguments.toArray());
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case byte[] bytes -> new ByteString(bytes).toString();
      case null -> "NULL";
      default -> value.toString();
    };
  }

  @Test
  void lengthsAreNamedInTheOrderOfTheArguments() {
    try (BufferAllocator allocator = new RootAllocator();
        FixedSizeBinaryVector codes = new FixedSizeBinaryVector("codes", allocator, 4)) {
      codes.allocateNew(1);
      codes.set(0, new byte[4]);
      codes.setValueCount(1);
      Column wide = new Column.VectorColumn(codes, false);
      Column narrow = new Column.ScalarColumn(new byte[3]);
      assertEquals(
          "4 and 3 bytes", lengths(List.of(wide, narrow), new byte[4], new byte[3], allocator));
      assertEquals(
          "3 and 4 bytes", lengths(List.of(narrow, wide), new byte[3], new byte[4], allocator));
    }
  }

  /** What is said of the lengths, which the batch form and the row form must agree on. */
  private static String lengths(
      List<Column> columns, byte[] left, byte[] right, BufferAllocator allocator) {
    try (IntVector result = new IntVector("r", allocator)) {
      result.allocateNew(1);
      BindSqlException batch =
          assertThrows(
              BindSqlException.class,
              () ->
                  new DistanceFunction("hamming", false)
                      .apply(columns, Selection.range(0, 1), result));
      BindSqlException row =
          assertThrows(
              BindSqlException.class,
              () ->
                  Functions.HAMMING.evaluate(
                      new Object[] {new ByteString(left), new ByteString(right)}));
      assertEquals(row.getMessage(), batch.getMessage());
      return String.valueOf(batch.getMessage())
          .substring("hamming: codes differ in length: ".length());
    }
  }

  @Test
  void batchErrors() {
    try (BufferAllocator allocator = new RootAllocator();
        FixedSizeBinaryVector codes = new FixedSizeBinaryVector("codes", allocator, 4)) {
      codes.allocateNew(2);
      codes.set(0, new byte[4]);
      codes.setNull(1);
      codes.setValueCount(2);
      List<Column> columns =
          List.of(new Column.VectorColumn(codes, false), new Column.ScalarColumn(new byte[3]));
      List<RelDataType> operandTypes =
          List.of(
              types.createSqlType(SqlTypeName.BINARY, 4),
              types.createSqlType(SqlTypeName.BINARY, 3));
      for (BindFunction function :
          List.of(Functions.HAMMING, Functions.SIMILARITY, Functions.XOR_BIND)) {
        VectorFunction batch = function.vectorFunction(operandTypes);
        assertNotNull(batch);
        try (FieldVector result =
            ArrowTypes.toArrow("r", resultType(function, operandTypes)).createVector(allocator)) {
          result.setInitialCapacity(2);
          result.allocateNew();
          BindSqlException e =
              assertThrows(
                  BindSqlException.class,
                  () -> batch.apply(columns, Selection.range(0, 2), result));
          assertTrue(String.valueOf(e.getMessage()).contains("codes differ in length"));
          // Rows that are NULL or not active cannot fail.
          batch.apply(columns, Selection.range(1, 2), result);
          assertTrue(result.isNull(1));
          batch.apply(columns, Selection.empty(), result);
        }
      }
    }
  }
}
