package org.bindsql.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.BatchReader;

/** A CSV file, with columns that are known or found out from its beginning. */
public final class CsvFile implements FileSource {
  private final Path file;
  private final CsvOptions options;
  private final Schema schema;
  private final boolean header;
  private final double rows;
  private final RejectedRows rejected;

  private CsvFile(
      Path file,
      CsvOptions options,
      Schema schema,
      boolean header,
      double rows,
      RejectedRows rejected) {
    this.file = file;
    this.options = options;
    this.schema = schema;
    this.header = header;
    this.rows = rows;
    this.rejected = rejected;
  }

  /** A file whose columns are found out: names from the header, types from a sample. */
  public static CsvFile sniff(Path file, CsvOptions options) {
    CsvSample sample = CsvSample.of(file, options);
    return new CsvFile(
        file,
        options,
        sample.schema(),
        sample.hasHeader(),
        sample.estimateRowCount(),
        RejectedRows.none());
  }

  /**
   * A file of rows for a table.
   *
   * @param table the table's columns
   * @param columns those of them that the file has, in its order; empty if its header tells, or
   *     else if it has all
   * @param rejected takes the rows that cannot be read
   */
  public static CsvFile forTable(
      Path file, CsvOptions options, Schema table, List<Field> columns, RejectedRows rejected) {
    try (CsvLines lines = new CsvLines(file, options, table.getFields().size() == 1)) {
      CsvRecord first = lines.next();
      Map<String, Field> named = new HashMap<>();
      table.getFields().forEach(f -> named.put(f.getName().toLowerCase(Locale.ROOT), f));
      List<Field> header = new ArrayList<>();
      List<String> unknown = new ArrayList<>();
      for (int i = 0; first != null && i < first.size(); i++) {
        Field field = named.get(first.get(i).strip().toLowerCase(Locale.ROOT));
        if (field == null) {
          unknown.add(first.get(i));
        } else {
          header.add(field);
        }
      }
      boolean hasHeader =
          options.header() == null ? first != null && unknown.isEmpty() : options.header();
      if (hasHeader && columns.isEmpty() && !unknown.isEmpty()) {
        throw new BindSqlException(
            ErrorCode.NO_SUCH_COLUMN,
            "file '%s': the header names '%s', which is no column of the table; say which columns"
                    .formatted(file, unknown.getFirst())
                + " the file has: COPY t (a, b) FROM …");
      }
      List<Field> fields =
          !columns.isEmpty() ? columns : hasHeader && first != null ? header : table.getFields();
      return new CsvFile(file, options, new Schema(fields), hasHeader, 0, rejected);
    }
  }

  @Override
  public Schema schema() {
    return schema;
  }

  @Override
  public double estimateRowCount() {
    return rows;
  }

  @Override
  public BatchReader open(int[] columns, ExecutionContext context) {
    CsvLines lines = new CsvLines(file, options, schema.getFields().size() == 1);
    try {
      if (header) {
        lines.next();
      }
      return new CsvBatches(file, lines, options, schema, columns, rejected, context);
    } catch (Throwable e) {
      lines.close();
      throw e;
    }
  }
}
