package org.bindsql.duel;

import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A search as SQL with parameters, and its answer by brute force.
 *
 * @param duck the same for DuckDB, its parameters numbered; null if it cannot answer
 * @param bind draws values for the parameters
 */
record Search(String sql, @Nullable String duck, Function<Random, Bound> bind) {
  /**
   * A search with values.
   *
   * @param answer of the rows of the table that is searched, in the order of their keys
   */
  record Bound(List<@Nullable Object> parameters, Function<List<Row>, Answer> answer) {}

  /**
   * What a search must return.
   *
   * @param ordered whether the rows must come in this order
   * @param possible the rows that may come where a recall below 1 is set; null if it changes
   *     nothing
   */
  record Answer(List<String> rows, boolean ordered, @Nullable List<String> possible) {}

  /** The statement with values in place of its parameters. */
  String withLiterals(List<@Nullable Object> values) {
    StringBuilder text = new StringBuilder();
    int next = 0;
    for (char c : sql.toCharArray()) {
      text.append(c == '?' ? literal(values.get(next++)) : String.valueOf(c));
    }
    return text.toString();
  }

  static String literal(@Nullable Object value) {
    return switch (value) {
      case null -> "CAST(NULL AS VARBINARY)";
      case byte[] bytes -> "X'" + HexFormat.of().withUpperCase().formatHex(bytes) + "'";
      default -> value.toString();
    };
  }
}
