package org.bindsql.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataTypeSystem;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** The rows of a CSV file as batches. */
final class CsvBatches implements BatchReader {
  private static final int SHOWN = 80;

  private final Path file;
  private final CsvLines lines;
  private final CsvOptions options;
  private final int fields;
  private final int[] columns;
  private final VectorSchemaRoot vectors;
  private final RejectedRows rejected;
  private final ExecutionContext context;
  private boolean closed;

  /**
   * Creates a reader that closes {@code lines}, which are after the header.
   *
   * @param all the file's columns
   * @param columns positions of the wanted columns
   */
  CsvBatches(
      Path file,
      CsvLines lines,
      CsvOptions options,
      Schema all,
      int[] columns,
      RejectedRows rejected,
      ExecutionContext context) {
    this.file = file;
    this.lines = lines;
    this.options = options;
    this.fields = all.getFields().size();
    this.columns = columns.clone();
    this.rejected = rejected;
    this.context = context;
    List<Field> wanted = new ArrayList<>();
    for (int column : columns) {
      wanted.add(all.getFields().get(column));
    }
    this.vectors = VectorSchemaRoot.create(new Schema(wanted), context.allocator());
  }

  @Override
  public @Nullable Batch next() {
    context.checkCancelled();
    vectors.clear();
    vectors.allocateNew();
    List<TextParser> parsers = new ArrayList<>(columns.length);
    for (FieldVector vector : vectors.getFieldVectors()) {
      parsers.add(TextParser.of(vector));
    }
    int row = 0;
    while (row < context.batchSize()) {
      CsvRecord record = lines.next();
      if (record == null) {
        break;
      }
      BindSqlException reason = read(record, row, parsers);
      if (reason == null) {
        row++;
      } else {
        rejected.add(reason);
      }
    }
    if (row == 0) {
      return null;
    }
    vectors.setRowCount(row);
    return Batch.of(vectors.getFieldVectors(), row);
  }

  /** Stores a record at a row; returns why it cannot, in which case the row is free again. */
  private @Nullable BindSqlException read(CsvRecord record, int row, List<TextParser> parsers) {
    if (record.size() != fields) {
      return new BindSqlException(
          ErrorCode.BAD_TEXT,
          "file '%s', line %d: %d fields, expected %d"
              .formatted(file, record.line(), record.size(), fields));
    }
    for (int i = 0; i < columns.length; i++) {
      int field = columns[i];
      FieldVector vector = vectors.getVector(i);
      if (!record.isQuoted(field) && record.is(field, options.nullText())) {
        if (!vector.getField().isNullable()) {
          return new BindSqlException(
              ErrorCode.NULL_NOT_ALLOWED, where(record, vector) + ": NULL is not allowed");
        }
        vector.setNull(row);
        continue;
      }
      try {
        parsers.get(i).set(row, record, field);
      } catch (org.apache.arrow.memory.OutOfMemoryException e) {
        throw e;
      } catch (RuntimeException e) {
        return new BindSqlException(
            ErrorCode.BAD_TEXT,
            "%s: '%s' is no %s"
                .formatted(where(record, vector), shown(record.get(field)), type(vector)),
            e);
      }
    }
    return null;
  }

  private String where(CsvRecord record, FieldVector vector) {
    return "file '%s', line %d, column '%s'".formatted(file, record.line(), vector.getName());
  }

  private static String shown(String text) {
    String line = text.replaceAll("\\p{Cntrl}", "?");
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }

  private static String type(FieldVector vector) {
    return ArrowTypes.toSql(new SqlTypeFactoryImpl(RelDataTypeSystem.DEFAULT), vector.getField())
        .toString();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try (lines) {
        vectors.close();
      }
    }
  }
}
