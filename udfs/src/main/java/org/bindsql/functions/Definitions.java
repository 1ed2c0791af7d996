package org.bindsql.functions;

import static org.apache.calcite.sql.type.SqlTypeName.DOUBLE;
import static org.apache.calcite.sql.type.SqlTypeName.INTEGER;
import static org.bindsql.functions.OperandKind.CODE;
import static org.bindsql.functions.OperandKind.NUMBER;
import static org.bindsql.functions.OperandKind.NUMBERS;
import static org.bindsql.functions.OperandKind.RECORD;

import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Supplier;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.bindsql.expr.VectorFunction;
import org.bindsql.schema.SchemaJson;
import org.bindsql.schema.SchemaSidecar;
import org.bindsql.schema.Truth;
import org.jspecify.annotations.Nullable;

/** What the definitions in {@link Functions} have in common: operands, results, constructors. */
final class Definitions {
  static final Operands TWO_CODES = Operands.of("a", CODE, "b", CODE);
  static final Operands TWO_RECORDS = Operands.of("a", RECORD, "b", RECORD);
  static final Operands ONE_RECORD = Operands.of("fp", RECORD);
  static final Operands TWO_TRUTHS =
      Operands.of("f1", NUMBER, "c1", NUMBER, "f2", NUMBER, "c2", NUMBER);
  static final Operands ONE_TRUTH = Operands.of("f", NUMBER, "c", NUMBER);
  static final Operands TWO_ARRAYS = Operands.of("a", NUMBERS, "b", NUMBERS);
  static final SqlReturnTypeInference RECORD_RESULT = Results.binary(Results.RECORD_BYTES);
  static final SqlReturnTypeInference TRUTH =
      new Results.OfRow(List.of("f", "c"), List.of(DOUBLE, DOUBLE), false);

  private Definitions() {}

  static BindFunction hamming(String name) {
    return function(
        name,
        TWO_CODES,
        Results.of(INTEGER),
        Distances::hamming,
        () -> new DistanceFunction(Results.label(name), false));
  }

  static BindFunction similarity(String name) {
    return function(
        name,
        TWO_CODES,
        Results.of(DOUBLE),
        Distances::similarity,
        () -> new DistanceFunction(Results.label(name), false));
  }

  static BindFunction xor(String name, Operands operands) {
    return function(name, operands, Results.sameLength(), Algebra::xor);
  }

  static BindFunction permute(String name) {
    return function(
        name,
        Operands.of("v", CODE, "k", OperandKind.INTEGER),
        Results.sameLength(),
        Algebra::permute);
  }

  static BindFunction rule(String name, BinaryOperator<Truth> rule) {
    return function(
        name, TWO_TRUTHS, TRUTH, (label, arguments) -> NarsRules.combine(label, arguments, rule));
  }

  static void checkSchemaJson(String json) {
    SchemaJson.read(
        "make_fingerprint", json, SchemaSidecar.of(new byte[SchemaSidecar.RECORD_BYTES]));
  }

  static BindFunction function(
      String name,
      Operands operands,
      SqlReturnTypeInference result,
      BiFunction<String, Arguments, @Nullable Object> body) {
    return new BindFunction(name, operands, result, bound(name, body), null);
  }

  static BindFunction function(
      String name,
      Operands operands,
      SqlReturnTypeInference result,
      BiFunction<String, Arguments, @Nullable Object> body,
      Supplier<VectorFunction> batch) {
    return new BindFunction(name, operands, result, bound(name, body), batch);
  }

  private static Body bound(String name, BiFunction<String, Arguments, @Nullable Object> body) {
    String label = Results.label(name);
    return arguments -> body.apply(label, arguments);
  }
}
