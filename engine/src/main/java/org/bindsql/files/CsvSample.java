package org.bindsql.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * What the beginning of a CSV file tells of its columns.
 *
 * @param schema the columns
 * @param hasHeader whether the first line has their names
 * @param estimateRowCount from the size of the file and of the rows seen
 */
record CsvSample(Schema schema, boolean hasHeader, double estimateRowCount) {
  private static final int RECORDS = 10_000;

  /** A column's type, the first that holds all values seen. */
  private enum Kind {
    BOOLEAN("(?i)true|false", ArrowType.Bool.INSTANCE),
    // Leading zeros mean something, and so do more digits than a BIGINT has: both are text.
    BIGINT("[+-]?(0|[1-9]\\d{0,17})", new ArrowType.Int(64, true)),
    DOUBLE(
        "[+-]?((0|[1-9]\\d{0,17})(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d{1,3})?|NaN|[+-]?Infinity",
        new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE)),
    DATE("\\d{4}-\\d{2}-\\d{2}", new ArrowType.Date(DateUnit.DAY)),
    TIMESTAMP(
        "\\d{4}-\\d{2}-\\d{2}([ T]\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z?)?",
        new ArrowType.Timestamp(TimeUnit.MICROSECOND, null)),
    VARCHAR("(?s).*", ArrowType.Utf8.INSTANCE);

    final Pattern pattern;
    final ArrowType type;

    Kind(String pattern, ArrowType type) {
      this.pattern = Pattern.compile(pattern);
      this.type = type;
    }

    boolean holds(String text) {
      if (!pattern.matcher(text).matches()) {
        return false;
      }
      try {
        switch (this) {
          case DATE -> TimeText.date(text);
          case TIMESTAMP -> TimeText.timestamp(text, TimeUnit.MICROSECOND);
          default -> {}
        }
        return true;
      } catch (RuntimeException e) {
        return false; // no such day
      }
    }
  }

  static CsvSample of(Path file, CsvOptions options) {
    try (CsvLines lines = new CsvLines(file, options, false)) {
      CsvRecord record = lines.next();
      if (record == null) {
        throw new BindSqlException(
            ErrorCode.DATA_CORRUPTED, "file '" + file + "' is empty: it has no columns");
      }
      List<String> first = new ArrayList<>();
      for (int i = 0; i < record.size(); i++) {
        first.add(record.get(i));
      }
      Boolean told = options.header();
      boolean header = told == null ? isHeader(first) : told;
      List<Set<Kind>> kinds = new ArrayList<>();
      first.forEach(name -> kinds.add(EnumSet.allOf(Kind.class)));
      boolean[] seen = new boolean[first.size()];
      long characters = 0;
      int records = 0;
      CsvRecord next = header ? lines.next() : record;
      while (next != null && records < RECORDS) {
        records++;
        for (int i = 0; i < Math.min(next.size(), first.size()); i++) {
          characters += next.length(i) + 1L;
          if (next.isQuoted(i) || !next.is(i, options.nullText())) {
            String text = next.get(i);
            seen[i] = true;
            kinds.get(i).removeIf(kind -> !kind.holds(text));
          }
        }
        next = lines.next();
      }
      List<Field> fields = new ArrayList<>();
      for (int i = 0; i < first.size(); i++) {
        Kind kind = seen[i] ? kinds.get(i).iterator().next() : Kind.VARCHAR;
        String name = header ? first.get(i).strip() : "column" + i;
        fields.add(Field.nullable(name.isEmpty() ? "column" + i : name, kind.type));
      }
      double perRecord = records == 0 ? 1 : (double) characters / records;
      return new CsvSample(
          new Schema(unique(fields)), header, next == null ? records : size(file) / perRecord);
    }
  }

  /** Whether no field is empty, comes twice or is anything but text. */
  private static boolean isHeader(List<String> fields) {
    Set<String> names = new HashSet<>();
    for (String field : fields) {
      String name = field.strip();
      boolean text = Kind.VARCHAR == firstKind(name);
      if (name.isEmpty() || !text || !names.add(name.toLowerCase(Locale.ROOT))) {
        return false;
      }
    }
    return true;
  }

  private static Kind firstKind(String text) {
    for (Kind kind : Kind.values()) {
      if (kind.holds(text)) {
        return kind;
      }
    }
    return Kind.VARCHAR;
  }

  /** Numbers names that come twice. */
  private static List<Field> unique(List<Field> fields) {
    Set<String> names = new HashSet<>();
    List<Field> unique = new ArrayList<>();
    for (Field field : fields) {
      String name = field.getName();
      for (int i = 1; !names.add(name.toLowerCase(Locale.ROOT)); i++) {
        name = field.getName() + "_" + i;
      }
      unique.add(Field.nullable(name, field.getType()));
    }
    return unique;
  }

  private static double size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }
}
