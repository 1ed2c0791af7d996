package org.bindsql.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.bindsql.engine.run.ResultBatches;
import org.jspecify.annotations.Nullable;

/** A query that is prepared once and run outside JDBC statements, giving batches. */
public final class ArrowQuery {
  private final QueryBatches query;

  private ArrowQuery(QueryBatches query) {
    this.query = query;
  }

  /**
   * Prepares a query.
   *
   * @param context of the connection
   */
  public static ArrowQuery prepare(CalcitePrepare.Context context, String sql) {
    return new ArrowQuery(new BindPrepare().prepareBatches(context, sql));
  }

  /**
   * Starts a run of the query, which sees what is newest now.
   *
   * @param context of the connection, made for this run
   * @param parameters values of the parameters in JDBC's classes
   * @param cancelled ends the run when set
   */
  public ArrowRun run(
      CalcitePrepare.Context context, List<@Nullable Object> parameters, AtomicBoolean cancelled) {
    Session.of(context).beginStatement();
    ResultBatches batches = query.open(context.getDataContext(), parameters, cancelled);
    return new ArrowRun(query.schema(), batches, batches.allocator());
  }
}
