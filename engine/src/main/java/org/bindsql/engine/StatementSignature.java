package org.bindsql.engine;

import java.util.List;
import java.util.Map;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.bindsql.exec.StatementScope;
import org.bindsql.rel.AppendRuns;
import org.bindsql.rel.ChangeTableModify;
import org.jspecify.annotations.Nullable;

/**
 * A prepared query that runs with the session's memory, settings and typed parameters.
 *
 * @param <T> row type
 */
final class StatementSignature<T> extends CalcitePrepare.CalciteSignature<T> {
  private final CalcitePrepare.CalciteSignature<T> query;
  private final Session session;
  private final List<Integer> rowCounts;
  private final @Nullable ChangeTableModify change;

  StatementSignature(
      CalcitePrepare.CalciteSignature<T> query,
      Session session,
      List<Integer> rowCounts,
      long maxRowCount) {
    this(query, query.parameters, session, rowCounts, maxRowCount, null);
  }

  /**
   * Creates a signature.
   *
   * @param parameters the query's, perhaps in another order
   * @param change the plan's root if it changes a Lance table, else null
   */
  StatementSignature(
      CalcitePrepare.CalciteSignature<T> query,
      List<AvaticaParameter> parameters,
      Session session,
      List<Integer> rowCounts,
      long maxRowCount,
      @Nullable ChangeTableModify change) {
    super(
        query.sql,
        parameters,
        query.internalParameters,
        query.rowType,
        query.columns,
        query.cursorFactory,
        query.rootSchema,
        query.getCollationList(),
        maxRowCount,
        null,
        query.statementType);
    this.query = query;
    this.session = session;
    this.rowCounts = rowCounts;
    this.change = change;
  }

  @Override
  public Enumerable<T> enumerable(DataContext dataContext) {
    Batch batch = session.batch();
    if (statementType != Meta.StatementType.IS_DML) {
      if (batch != null) {
        throw Batch.query();
      }
      return run(dataContext, null);
    }
    if (change == null) {
      if (batch != null) {
        batch.turn();
      }
      session.beginWrite("a change of this table");
      // Its one row, the count, is all that is read, and its end not waited for.
      return Linq4j.asEnumerable(run(dataContext, null).toList());
    }
    session.checkWritable("a statement that writes");
    if (batch != null) {
      batch.add(this, dataContext);
      return count(0);
    }
    return count(Retry.run(() -> change(dataContext), dataContext, session.retrySeconds()));
  }

  @SuppressWarnings("unchecked") // the row of a statement that changes rows is their number
  private Enumerable<T> count(Object rows) {
    return (Enumerable<T>) Linq4j.singletonEnumerable(rows);
  }

  /** Whether both statements change the same Lance table. */
  boolean changesTableOf(StatementSignature<?> other) {
    return change != null
        && other.change != null
        && change.getTable().getQualifiedName().equals(other.change.getTable().getQualifiedName());
  }

  /** Whether the statement is an INSERT that {@link #appendAll} can run. */
  boolean appendsRows() {
    return change != null && change.appendsRows();
  }

  /** Runs the statement once; returns the number of rows changed. */
  long change(DataContext dataContext) {
    session.beginStatement(); // also before it runs again
    return ((Number) run(dataContext, null).single()).longValue();
  }

  /**
   * Appends the rows of several runs of the statement in one commit.
   *
   * @param roots for each run, what holds its parameters
   * @return number of rows of each run
   */
  long[] appendAll(List<DataContext> roots) {
    session.beginStatement();
    StatementContext first = begin(roots.getFirst(), null);
    try (StatementScope scope = first.scope()) {
      AppendRuns runs = new AppendRuns();
      for (DataContext root : roots) {
        // All share the first one's images.
        DataContext run = first.again(root, parameters);
        RowCounts.check(rowCounts, run);
        query.enumerable(new RunVariables(run, Map.of(AppendRuns.VARIABLE, runs))).toList();
      }
      return runs.append(first);
    }
  }

  /** Runs the query; its operators report to the profile if there is one. */
  Enumerable<T> run(DataContext dataContext, org.bindsql.exec.@Nullable Profile profile) {
    return run(begin(dataContext, profile));
  }

  /** What one run of the query needs, its parameters checked. */
  StatementContext begin(DataContext dataContext, org.bindsql.exec.@Nullable Profile profile) {
    StatementContext context = new StatementContext(dataContext, session, parameters, profile);
    RowCounts.check(rowCounts, context);
    return context;
  }

  /** The rows of one run of the query. */
  Enumerable<T> run(StatementContext context) {
    long limit = maxRows();
    return ScopedRows.of(
        () -> {
          Enumerable<T> rows = query.enumerable(context);
          return limit > 0 ? RowLimit.of(rows, limit) : rows;
        },
        context.scope());
  }

  /** Greatest number of rows before the query fails, 0 for no bound. */
  long maxRows() {
    return session.settings().getLong(Setting.MAX_ROWS);
  }
}
