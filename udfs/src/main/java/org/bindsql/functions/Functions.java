package org.bindsql.functions;

import static org.apache.calcite.sql.type.SqlTypeName.DOUBLE;
import static org.apache.calcite.sql.type.SqlTypeName.INTEGER;
import static org.bindsql.functions.OperandKind.CODE;
import static org.bindsql.functions.OperandKind.CODE_OR_INTEGER;
import static org.bindsql.functions.OperandKind.RECORD;

import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorTable;
import org.apache.calcite.sql.type.SqlReturnTypeInference;
import org.apache.calcite.sql.util.SqlOperatorTables;
import org.bindsql.expr.VectorFunction;
import org.jspecify.annotations.Nullable;

/**
 * The SQL functions of BindSQL: constants to build plans with, and an operator table to chain with
 * Calcite's standard one.
 */
public final class Functions {
  /** Number of differing bits of two codes of equal length: {@code HAMMING_DISTANCE(a, b)}. */
  public static final BindFunction HAMMING_DISTANCE = hamming("HAMMING_DISTANCE");

  /** Alias of {@link #HAMMING_DISTANCE}. */
  public static final BindFunction HAMMING = hamming("HAMMING");

  /** Number of differing bits of two records' words 0-207: {@code SEMANTIC_DISTANCE(a, b)}. */
  public static final BindFunction SEMANTIC_DISTANCE =
      function(
          "SEMANTIC_DISTANCE",
          Operands.of("a", RECORD, "b", RECORD),
          Results.of(INTEGER),
          Distances::semantic,
          () -> new DistanceFunction("semantic_distance", true));

  /** Share of equal bits of two codes of equal length: {@code SIMILARITY(a, b)}, 1 - H / bits. */
  public static final BindFunction SIMILARITY = similarity("SIMILARITY");

  /** Alias of {@link #SIMILARITY}. */
  public static final BindFunction VECTOR_SIMILARITY = similarity("VECTOR_SIMILARITY");

  /** Number of bits set in a code or in a 64-bit integer: {@code POPCOUNT(x)}. */
  public static final BindFunction POPCOUNT =
      function(
          "POPCOUNT",
          Operands.of("x", CODE_OR_INTEGER),
          Results.of(INTEGER),
          Distances::popcount,
          null);

  private static final Map<SqlOperator, SqlOperator> ALIASES =
      Map.of(HAMMING, HAMMING_DISTANCE, VECTOR_SIMILARITY, SIMILARITY);

  /** Every function and aggregate, aliases included. */
  public static final List<SqlOperator> ALL =
      List.of(
          HAMMING_DISTANCE, HAMMING, SEMANTIC_DISTANCE, SIMILARITY, VECTOR_SIMILARITY, POPCOUNT);

  private static final SqlOperatorTable TABLE = SqlOperatorTables.of(ALL);

  private Functions() {}

  /** The functions, to be chained with Calcite's standard operators. */
  public static SqlOperatorTable operatorTable() {
    return TABLE;
  }

  /** The function an alias stands for; any other operator is returned as it is. */
  public static SqlOperator canonical(SqlOperator operator) {
    return ALIASES.getOrDefault(operator, operator);
  }

  private static BindFunction hamming(String name) {
    return function(
        name,
        Operands.of("a", CODE, "b", CODE),
        Results.of(INTEGER),
        Distances::hamming,
        () -> new DistanceFunction(Results.label(name), false));
  }

  private static BindFunction similarity(String name) {
    return function(
        name,
        Operands.of("a", CODE, "b", CODE),
        Results.of(DOUBLE),
        Distances::similarity,
        () -> new DistanceFunction(Results.label(name), false));
  }

  private static BindFunction function(
      String name,
      Operands operands,
      SqlReturnTypeInference result,
      BiFunction<String, Arguments, @Nullable Object> body,
      @Nullable Supplier<VectorFunction> batch) {
    String label = Results.label(name);
    return new BindFunction(
        name, operands, result, arguments -> body.apply(label, arguments), batch);
  }
}
