package org.bindsql.engine.copy;

import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.schema.Table;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.ChangeTable;
import org.bindsql.vector.BatchReader;

/**
 * The addition of batches to a table in one commit.
 *
 * @param name for messages
 * @param table to be added to
 */
public record TableLoad(String name, ChangeTable table) {
  /** A load into an existing table that takes batches. */
  public static TableLoad into(TableName name) {
    name.check();
    Table table = java.util.Objects.requireNonNull(name.entry()).getTable();
    if (table instanceof ChangeTable change) {
      return new TableLoad(name.table(), change);
    }
    throw new BindSqlException(
        ErrorCode.NOT_SUPPORTED,
        "table '"
            + name.schema()
            + "."
            + name.table()
            + "' does not take rows in bulk; use INSERT INTO … SELECT");
  }

  /**
   * Adds the rows of a reader, which is closed.
   *
   * @param given the reader's columns, matched by name
   * @return number of rows added
   */
  public long append(BatchReader rows, Schema given, ExecutionContext context) {
    BatchReader mapped;
    try {
      mapped = ColumnMapping.of(rows, given, table.arrowSchema(), name, context);
    } catch (RuntimeException | Error e) {
      rows.close();
      throw e;
    }
    return table.append(mapped, context);
  }
}
