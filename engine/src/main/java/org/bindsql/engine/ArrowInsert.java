package org.bindsql.engine;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.calcite.DataContext;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.sql.SqlIdentifier;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.vector.ArrowReaderBatches;

/** Rows of an Arrow reader added to a table. */
public final class ArrowInsert {
  private ArrowInsert() {}

  /**
   * Adds the rows in one commit; see {@link org.bindsql.jdbc.BindConnection#insertArrow}.
   *
   * @param context of the connection
   * @param cancelled ends the work when set
   */
  public static long run(
      CalcitePrepare.Context context, String table, ArrowReader rows, AtomicBoolean cancelled) {
    Session session = Session.of(context);
    session.beginWrite("INSERT");
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
        ArrowReaderBatches batches = new ArrowReaderBatches(rows, memory);
        return load.append(batches, ArrowReaderBatches.schema(rows), execution);
      }
    }
  }
}
