package org.bindsql.engine.copy;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.type.VectorConversion;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Batches with the columns of a table, made of batches with other columns: reordered, widened where
 * that loses nothing, and NULL where there is no source.
 */
final class ColumnMapping implements BatchReader {
  private final BatchReader source;
  private final Schema table;
  private final int[] sources;
  private final ExecutionContext context;
  private final List<FieldVector> made = new ArrayList<>();

  private ColumnMapping(BatchReader source, Schema table, int[] sources, ExecutionContext context) {
    this.source = source;
    this.table = table;
    this.sources = sources;
    this.context = context;
  }

  /**
   * Batches for a table, whose columns are matched by name without regard to case.
   *
   * @param source batches with the columns of {@code given}; closed by the result
   * @throws BindSqlException NO_SUCH_COLUMN, BAD_ARGUMENT (a name twice), TYPE_MISMATCH or
   *     NULL_NOT_ALLOWED (a column that allows no NULL has no source)
   */
  static BatchReader of(
      BatchReader source, Schema given, Schema table, String name, ExecutionContext context) {
    int[] sources = new int[table.getFields().size()];
    java.util.Arrays.fill(sources, -1);
    for (int i = 0; i < given.getFields().size(); i++) {
      Field field = given.getFields().get(i);
      int column = find(table, field.getName());
      if (column < 0) {
        throw new BindSqlException(
            ErrorCode.NO_SUCH_COLUMN,
            "table '" + name + "' has no column '" + field.getName() + "'");
      }
      if (sources[column] >= 0) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT, "column '" + field.getName() + "' is given twice");
      }
      sources[column] = i;
      Field wanted = table.getFields().get(column);
      if (!VectorConversion.isLossless(field, wanted)) {
        throw new BindSqlException(
            ErrorCode.TYPE_MISMATCH,
            "column '%s' of table '%s' is %s and cannot hold %s"
                .formatted(wanted.getName(), name, wanted.getType(), field.getType()));
      }
    }
    for (int i = 0; i < sources.length; i++) {
      Field wanted = table.getFields().get(i);
      if (sources[i] < 0 && !wanted.isNullable()) {
        throw new BindSqlException(
            ErrorCode.NULL_NOT_ALLOWED,
            "column '" + wanted.getName() + "' of table '" + name + "' has no value given");
      }
    }
    return new ColumnMapping(source, table, sources, context);
  }

  /** Position of a column, its exact name first, or -1. */
  private static int find(Schema schema, String name) {
    int found = -1;
    for (int i = 0; i < schema.getFields().size(); i++) {
      String column = schema.getFields().get(i).getName();
      if (column.equals(name)) {
        return i;
      }
      if (found < 0 && column.equalsIgnoreCase(name)) {
        found = i;
      }
    }
    return found;
  }

  @Override
  public @Nullable Batch next() {
    release();
    context.checkCancelled();
    Batch batch = source.next();
    if (batch == null) {
      return null;
    }
    List<FieldVector> columns = new ArrayList<>(sources.length);
    for (int i = 0; i < sources.length; i++) {
      columns.add(column(table.getFields().get(i), sources[i], batch));
    }
    return new Batch(columns, batch.rowCount(), batch.selection());
  }

  private FieldVector column(Field wanted, int index, Batch batch) {
    if (index >= 0 && VectorConversion.isSame(wanted, batch.column(index).getField())) {
      checkNulls(wanted, batch.column(index), batch);
      return batch.column(index);
    }
    FieldVector vector;
    if (index < 0) {
      vector = wanted.createVector(context.allocator());
      vector.setInitialCapacity(batch.rowCount());
      vector.allocateNew();
      vector.setValueCount(batch.rowCount());
    } else {
      vector = VectorConversion.convert(batch.column(index), batch, wanted, context.allocator());
    }
    made.add(vector);
    return vector;
  }

  private static void checkNulls(Field wanted, FieldVector vector, Batch batch) {
    if (wanted.isNullable() || vector.getNullCount() == 0) {
      return;
    }
    for (int i = 0; i < batch.selection().count(); i++) {
      if (vector.isNull(batch.selection().position(i))) {
        throw new BindSqlException(
            ErrorCode.NULL_NOT_ALLOWED, "column " + wanted.getName() + " does not allow NULL");
      }
    }
  }

  private void release() {
    made.forEach(FieldVector::close);
    made.clear();
  }

  @Override
  public void close() {
    release();
    source.close();
  }
}
