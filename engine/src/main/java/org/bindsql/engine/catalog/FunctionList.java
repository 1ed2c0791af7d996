package org.bindsql.engine.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlOperator;
import org.bindsql.functions.Functions;
import org.bindsql.parser.SearchFunction;
import org.jspecify.annotations.Nullable;

/** Our own functions as rows of the catalog. */
public final class FunctionList {
  private FunctionList() {}

  /** Name, kind (FUNCTION, AGGREGATE or TABLE FUNCTION) and signature of each function, by name. */
  public static List<@Nullable Object[]> rows() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    Functions.ALL.stream()
        .filter(SqlFunction.class::isInstance)
        .sorted(Comparator.comparing(SqlOperator::getName))
        .forEach(operator ->
            rows.add(
                new @Nullable Object[] {
                  operator.getName().toLowerCase(Locale.ROOT),
                  operator.isAggregator() ? "AGGREGATE" : "FUNCTION",
                  signature(operator)
                }));
    for (SearchFunction function : SearchFunction.values()) {
      rows.add(new @Nullable Object[] {function.sqlName(), "TABLE FUNCTION", function.signature()});
    }
    return rows;
  }

  private static String signature(SqlOperator operator) {
    try {
      return operator.getAllowedSignatures().lines().findFirst().orElse(operator.getName());
    } catch (RuntimeException e) {
      return operator.getName(); // its operands have no printable types
    }
  }
}
