package org.bindsql.server;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Result sets as lists of text, by several of the getters a client may use. */
final class Answers {
  private Answers() {}

  /** Column labels and SQL types, then one line per row. Closes the result set. */
  static List<String> all(ResultSet rows) throws SQLException {
    try (rows) {
      List<String> lines = new ArrayList<>();
      ResultSetMetaData metadata = rows.getMetaData();
      StringBuilder header = new StringBuilder();
      for (int i = 1; i <= metadata.getColumnCount(); i++) {
        header
            .append(metadata.getColumnLabel(i))
            .append(':')
            .append(metadata.getColumnType(i))
            .append(':')
            .append(metadata.getColumnTypeName(i))
            .append(':')
            .append(metadata.getPrecision(i))
            .append(':')
            .append(metadata.isNullable(i))
            .append(' ');
      }
      lines.add(header.toString());
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int i = 1; i <= metadata.getColumnCount(); i++) {
          line.append(value(rows, i)).append(" | ");
        }
        lines.add(line.toString());
      }
      return lines;
    }
  }

  private static String value(ResultSet rows, int column) throws SQLException {
    Object value = rows.getObject(column);
    return switch (value) {
      case null -> "null" + rows.wasNull();
      case byte[] bytes -> "bytes " + HexFormat.of().formatHex(bytes);
      case Array array -> "array " + array;
      case Struct struct ->
          "struct " + Arrays.deepToString(struct.getAttributes()) + " / " + rows.getString(column);
      default -> value.getClass().getSimpleName() + " " + value + " / " + rows.getString(column);
    };
  }
}
