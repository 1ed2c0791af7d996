package org.bindsql.engine;

import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
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

  StatementSignature(
      CalcitePrepare.CalciteSignature<T> query,
      Session session,
      List<Integer> rowCounts,
      long maxRowCount) {
    this(query, query.parameters, session, rowCounts, maxRowCount);
  }

  /** Creates a signature whose parameters are not in the order of the query's. */
  StatementSignature(
      CalcitePrepare.CalciteSignature<T> query,
      List<AvaticaParameter> parameters,
      Session session,
      List<Integer> rowCounts,
      long maxRowCount) {
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
  }

  @Override
  public Enumerable<T> enumerable(DataContext dataContext) {
    if (statementType == Meta.StatementType.IS_DML) {
      session.beginWrite("a statement that writes");
      // Its one row, the count, is all that is read, and its end not waited for.
      return Linq4j.asEnumerable(run(dataContext, null).toList());
    }
    return run(dataContext, null);
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
