package org.bindsql.shell;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.calcite.avatica.util.ByteString;
import org.jspecify.annotations.Nullable;

/** Values of results: read from JDBC, and as text. */
final class Values {
  /** Longest binary value, in bytes, that is shown whole where values are shortened. */
  static final int WHOLE_BYTES = 16;

  private static final int SHOWN_BYTES = 8;
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Values() {}

  /**
   * The value of a column of the current row: null, Boolean, Number, byte[], List, Map
   * (LinkedHashMap, in the order of the source) or String.
   *
   * @param type JDBC type of the column
   */
  static @Nullable Object read(ResultSet row, int column, int type) throws SQLException {
    return switch (type) {
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY, Types.BLOB -> row.getBytes(column);
      case Types.DATE, Types.TIME, Types.TIMESTAMP, Types.CHAR, Types.VARCHAR ->
          row.getString(column);
      default -> plain(row.getObject(column));
    };
  }

  private static @Nullable Object plain(@Nullable Object value) throws SQLException {
    return switch (value) {
      case null -> null;
      case Boolean b -> b;
      case Number n -> n;
      case byte[] bytes -> bytes;
      case ByteString bytes -> bytes.getBytes();
      case Array array -> plain(array.getArray());
      case Struct struct -> list(Arrays.asList(struct.getAttributes()));
      case List<?> list -> list(list);
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          entries.put(text(plain(entry.getKey()), false), plain(entry.getValue()));
        }
        yield entries;
      }
      case Object other when other.getClass().isArray() -> {
        List<@Nullable Object> elements = new ArrayList<>();
        for (int i = 0; i < java.lang.reflect.Array.getLength(other); i++) {
          elements.add(plain(java.lang.reflect.Array.get(other, i)));
        }
        yield elements;
      }
      default -> value.toString();
    };
  }

  private static List<@Nullable Object> list(List<?> source) throws SQLException {
    List<@Nullable Object> elements = new ArrayList<>();
    for (Object element : source) {
      elements.add(plain(element));
    }
    return elements;
  }

  /**
   * A value as text; NULL is the empty string at the top and {@code null} inside arrays.
   *
   * @param shorten whether binary values longer than {@value #WHOLE_BYTES} bytes are cut
   */
  static String text(@Nullable Object value, boolean shorten) {
    return switch (value) {
      case null -> "";
      case byte[] bytes -> hex(bytes, shorten);
      case BigDecimal decimal -> decimal.toPlainString();
      case List<?> list -> {
        List<String> parts = new ArrayList<>();
        list.forEach(element -> parts.add(inside(element, shorten)));
        yield "[" + String.join(", ", parts) + "]";
      }
      case Map<?, ?> map -> {
        List<String> parts = new ArrayList<>();
        map.forEach((key, element) -> parts.add(key + "=" + inside(element, shorten)));
        yield "{" + String.join(", ", parts) + "}";
      }
      default -> value.toString();
    };
  }

  private static String inside(@Nullable Object value, boolean shorten) {
    return value == null ? "null" : text(value, shorten);
  }

  /** Upper-case hexadecimal digits of the bytes. */
  static String hex(byte[] bytes, boolean shorten) {
    return shorten && bytes.length > WHOLE_BYTES
        ? HEX.formatHex(bytes, 0, SHOWN_BYTES) + "… (" + bytes.length + " bytes)"
        : HEX.formatHex(bytes);
  }
}
