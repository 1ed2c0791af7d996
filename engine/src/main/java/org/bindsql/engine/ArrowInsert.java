package org.bindsql.engine;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.DataContext;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.sql.SqlIdentifier;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.copy.TableLoad;
import org.bindsql.engine.run.RunVariables;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.vector.ArrowReaderBatches;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Rows of an Arrow reader added to a table. */
public final class ArrowInsert {
  private ArrowInsert() {}

  /**
   * Adds the rows in one commit, or as part of the transaction under way; see {@link
   * org.bindsql.jdbc.BindConnection#insertArrow}.
   *
   * @param context of the connection
   * @param cancelled ends the work when set
   */
  public static long run(
      CalcitePrepare.Context context, String table, ArrowReader rows, AtomicBoolean cancelled) {
    Session session = Session.of(context);
    session.checkWritable("INSERT");
    session.beginStatement();
    SqlIdentifier name = new BindPrepare().parseName(table);
    DataContext root =
        new RunVariables(
            context.getDataContext(),
            Map.of(DataContext.Variable.CANCEL_FLAG.camelName, cancelled));
    TableLoad load = TableLoad.into(TableName.resolve(name, context));
    StatementContext statement = new StatementContext(root, session, List.of(), null);
    try (StatementScope scope = statement.scope()) {
      ExecutionContext execution = statement.open();
      try (var memory = execution.allocator()) {
        return load.append(readable(new ArrowReaderBatches(rows, memory)), schema(rows), execution);
      }
    }
  }

  private static Schema schema(ArrowReader rows) {
    try {
      return ArrowReaderBatches.schema(rows);
    } catch (UncheckedIOException e) {
      throw unreadable(e);
    }
  }

  /** The same batches, whose failure tells that it is the caller's rows that cannot be read. */
  private static BatchReader readable(BatchReader rows) {
    return new BatchReader() {
      @Override
      public @Nullable Batch next() {
        try {
          return rows.next();
        } catch (UncheckedIOException e) {
          throw unreadable(e);
        }
      }

      @Override
      public void close() {
        rows.close();
      }
    };
  }

  private static BindSqlException unreadable(UncheckedIOException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new BindSqlException(
        ErrorCode.DATA_CORRUPTED, "the rows to insert cannot be read: " + cause.getMessage(), e);
  }
}
