package org.bindsql.engine.ddl;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlNode;
import org.bindsql.engine.dialect.Literals;
import org.bindsql.engine.dialect.SqlText;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.definition.TableOptions;
import org.jspecify.annotations.Nullable;

/**
 * The options of CREATE TABLE: those of the table, and those of a column, whose names begin with
 * the column's: {@code 'embedding.arrow.float16' = 'true'}.
 */
final class OptionList {
  private static final String LANCE = "lance.";
  private static final String ARROW = "arrow.";

  /** Values that an option of a column can have, as a pattern. */
  private static final Map<String, String> ENCODINGS =
      Map.of(
          "compression", "zstd|lz4|fsst|none",
          "compression-level", "[0-9]{1,2}",
          "structural-encoding", "miniblock|fullzip",
          "rle-threshold", "0?\\.[0-9]+|[01](\\.[0-9]+)?",
          "bss", "off|on|auto");

  private static final Map<String, String> REPRESENTATIONS =
      Map.of("float16", "true", "unsigned", "true", "fixed-size-list.size", "[1-9][0-9]{0,8}");

  private final List<SqlNode> options;
  private final Map<String, Field> fields;
  private TableOptions table = TableOptions.NONE;

  /**
   * Creates a list.
   *
   * @param options equalities of an identifier and a value
   * @param fields by the column's name in lower case; replaced where an option changes one
   */
  OptionList(List<SqlNode> options, Map<String, Field> fields) {
    this.options = options;
    this.fields = fields;
  }

  /** The options of the table. */
  TableOptions table() {
    return table;
  }

  /** Reads all options; fails at the first that is not known or has a wrong value. */
  void apply() {
    Set<String> seen = new HashSet<>();
    for (SqlNode option : options) {
      List<SqlNode> pair = ((SqlCall) option).getOperandList();
      String at = SqlText.at(pair.get(0).getParserPosition());
      String name = Literals.name(pair.get(0));
      String value = Literals.name(pair.get(1));
      String plain = name.toLowerCase(Locale.ROOT);
      if (!seen.add(plain)) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT, "option '" + name + "' is given twice" + at);
      }
      if (TableOptions.NAMES.contains(plain)) {
        table = table.with(plain, value);
      } else if (plain.equals("location")) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            "option location is not supported: tables lie in the folder of their schema" + at);
      } else if (!applyToColumn(name, value, at)) {
        throw unknown(name, at);
      }
    }
  }

  private boolean applyToColumn(String name, String value, String at) {
    for (Map.Entry<String, Field> entry : fields.entrySet()) {
      Field field = entry.getValue();
      String prefix = field.getName() + ".";
      if (!name.regionMatches(true, 0, prefix, 0, prefix.length())) {
        continue;
      }
      String option = name.substring(prefix.length()).toLowerCase(Locale.ROOT);
      if (option.startsWith(LANCE) && ENCODINGS.containsKey(option.substring(LANCE.length()))) {
        String key = option.substring(LANCE.length());
        check(name, value, ENCODINGS.get(key), at);
        entry.setValue(encoded(field, key, value.toLowerCase(Locale.ROOT)));
        return true;
      }
      if (option.startsWith(ARROW)
          && REPRESENTATIONS.containsKey(option.substring(ARROW.length()))) {
        String key = option.substring(ARROW.length());
        check(name, value, REPRESENTATIONS.get(key), at);
        Field stored = ColumnTypes.stored(field, key, value);
        if (stored == null) {
          throw new BindSqlException(
              ErrorCode.BAD_ARGUMENT,
              "option %s does not fit the type of column %s%s"
                  .formatted(name, field.getName(), at));
        }
        entry.setValue(with(stored, field.getMetadata()));
        return true;
      }
    }
    return false;
  }

  private static Field encoded(Field field, String key, String value) {
    Map<String, String> metadata = new HashMap<>(field.getMetadata());
    metadata.put("lance-encoding:" + key, value);
    return with(field, metadata);
  }

  private static Field with(Field field, Map<String, String> metadata) {
    return new Field(
        field.getName(),
        new FieldType(field.isNullable(), field.getType(), null, metadata),
        field.getChildren());
  }

  private static void check(String name, String value, @Nullable String pattern, String at) {
    if (pattern == null || !value.toLowerCase(Locale.ROOT).matches(pattern)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "option %s is '%s', expected %s%s".formatted(name, value, pattern, at));
    }
  }

  private static BindSqlException unknown(String name, String at) {
    TreeSet<String> known = new TreeSet<>(TableOptions.NAMES);
    ENCODINGS.keySet().forEach(key -> known.add("column.lance." + key));
    REPRESENTATIONS.keySet().forEach(key -> known.add("column.arrow." + key));
    return new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "no option '%s'%s; known are %s".formatted(name, at, String.join(", ", known)));
  }
}
