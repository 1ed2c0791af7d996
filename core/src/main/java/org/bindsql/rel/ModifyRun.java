package org.bindsql.rel;

import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.apache.calcite.rel.core.TableModify;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.WritableTable;
import org.jspecify.annotations.Nullable;

/** What the code that {@link WritableTableModify} generates calls. */
public final class ModifyRun {
  private final WritableTable table;
  private final TableModify.Operation operation;
  private final int[] columns;

  ModifyRun(WritableTable table, TableModify.Operation operation, int[] columns) {
    this.table = table;
    this.operation = operation;
    this.columns = columns;
  }

  /** Runs the statement; its one result row is the number of rows changed. */
  public Enumerable<Long> run(DataContext root, Enumerable<@Nullable Object[]> rows) {
    ExecutionContext context = RowReader.openContext(root);
    try (var memory = context.allocator()) {
      context.checkCancelled();
      return Linq4j.singletonEnumerable(modify(rows, context));
    }
  }

  private long modify(Enumerable<@Nullable Object[]> rows, ExecutionContext context) {
    return switch (operation) {
      case INSERT -> table.insert(rows, context);
      case UPDATE -> table.update(columns, rows, context);
      case DELETE -> table.delete(rows, context);
      case MERGE ->
          throw new BindSqlException(
              ErrorCode.NOT_SUPPORTED, "MERGE: not supported, use UPDATE and INSERT");
    };
  }
}
