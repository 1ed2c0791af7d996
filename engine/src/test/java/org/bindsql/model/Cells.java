package org.bindsql.model;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** Rows as text, so that answers of the engine and of the model compare. */
final class Cells {
  private Cells() {}

  /** What a value reads as, the same for all types of a kind. */
  static String text(Object value) {
    return switch (value) {
      case null -> "∅";
      case Float f -> Double.toString(f);
      case BigDecimal d -> d.signum() == 0 ? "0" : d.stripTrailingZeros().toPlainString();
      case byte[] bytes -> HexFormat.of().withUpperCase().formatHex(bytes);
      default -> value.toString();
    };
  }

  static String row(List<?> values) {
    return String.join("|", values.stream().map(Cells::text).toList());
  }

  /** All rows of a result, sorted, unless they come in an order that counts. */
  static List<String> rows(ResultSet result, boolean ordered) throws SQLException {
    int columns = result.getMetaData().getColumnCount();
    List<String> rows = new ArrayList<>();
    while (result.next()) {
      List<Object> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        row.add(result.getObject(i));
      }
      rows.add(row(row));
    }
    if (!ordered) {
      Collections.sort(rows);
    }
    return rows;
  }
}
