package org.bindsql.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Linq4j;
import org.bindsql.engine.change.Retry;
import org.bindsql.engine.run.RowCounts;
import org.bindsql.engine.run.RowLimit;
import org.bindsql.engine.run.RunVariables;
import org.bindsql.engine.run.ScopedRows;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.Profile;
import org.bindsql.exec.StatementScope;
import org.bindsql.rel.AppendRuns;
import org.bindsql.rel.ChangeTableModify;
import org.jspecify.annotations.Nullable;

/**
 * A prepared query that runs with the session's memory, settings and typed parameters.
 *
 * <p>It is prepared again before a run if columns of its tables have changed since.
 *
 * @param <T> row type
 */
public final class StatementSignature<T> extends CalcitePrepare.CalciteSignature<T> {
  /** Times that a run is prepared again; more only if columns change all the time. */
  private static final int MAX_PREPARATIONS = 5;

  private final CalcitePrepare.CalciteSignature<T> query;
  private final Session session;
  private final List<Integer> rowCounts;
  private final @Nullable ChangeTableModify change;
  private final PlannedTables tables;
  private final @Nullable Supplier<CalcitePrepare.CalciteSignature<T>> again;
  private volatile StatementSignature<T> latest = this;

  StatementSignature(
      CalcitePrepare.CalciteSignature<T> query,
      Session session,
      List<Integer> rowCounts,
      long maxRowCount) {
    this(query, session, rowCounts, maxRowCount, null, null);
  }

  /**
   * Creates a signature.
   *
   * @param plan how the query was planned, or null if it needed no plan
   * @param again prepares the same statement once more, or null if that cannot be
   */
  StatementSignature(
      CalcitePrepare.CalciteSignature<T> query,
      Session session,
      List<Integer> rowCounts,
      long maxRowCount,
      BindPrepare.@Nullable Plan plan,
      @Nullable Supplier<CalcitePrepare.CalciteSignature<T>> again) {
    super(
        query.sql,
        query.parameters,
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
    this.change =
        plan != null && plan.physical().rel instanceof ChangeTableModify modify ? modify : null;
    this.tables = PlannedTables.of(plan);
    this.again = again;
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
    if (batch != null && change != null) {
      session.checkWritable("a statement that writes");
      batch.add(this, dataContext);
      return count(0);
    }
    if (batch != null) {
      batch.turn();
    }
    return count(execute(dataContext, () -> null));
  }

  /**
   * Executes a statement that changes rows.
   *
   * @param profiles makes what the operators of one run report to, or null
   * @return the number of rows changed
   */
  long execute(DataContext dataContext, Supplier<@Nullable Profile> profiles) {
    if (change == null) {
      session.beginWrite("a change of this table");
      return changed(dataContext, profiles.get());
    }
    session.checkWritable("a statement that writes");
    return Retry.run(
        () -> {
          session.beginStatement();
          return changed(dataContext, profiles.get());
        },
        dataContext,
        session.retrySeconds());
  }

  @SuppressWarnings("unchecked") // the row of a statement that changes rows is their number
  private Enumerable<T> count(Object rows) {
    return (Enumerable<T>) Linq4j.singletonEnumerable(rows);
  }

  /** Whether the columns of its tables are those of the plan. */
  boolean isCurrent() {
    try (StatementScope scope = new StatementScope()) {
      return latest.tables.areCurrent(scope);
    } catch (BindSqlException e) {
      return false; // as planning will tell
    }
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
    return changed(dataContext, null);
  }

  private long changed(DataContext dataContext, @Nullable Profile profile) {
    return ((Number) run(dataContext, profile).single()).longValue();
  }

  /**
   * Appends the rows of several runs of the statement in one commit.
   *
   * @param roots for each run, what holds its parameters
   * @return number of rows of each run
   */
  long[] appendAll(List<DataContext> roots) {
    session.beginStatement();
    Run<T> first = start(roots.getFirst(), null);
    return first.statement().appendAll(roots, first.context());
  }

  private long[] appendAll(List<DataContext> roots, StatementContext first) {
    try (StatementScope scope = first.scope()) {
      AppendRuns runs = new AppendRuns();
      for (DataContext root : roots) {
        // All share the first one's images.
        DataContext run = first.again(withOwnVariables(root), parameters);
        RowCounts.check(rowCounts, run);
        query.enumerable(new RunVariables(run, Map.of(AppendRuns.VARIABLE, runs))).toList();
      }
      return runs.append(first);
    }
  }

  /** Runs the query; its operators report to the profile if there is one. */
  Enumerable<T> run(DataContext dataContext, @Nullable Profile profile) {
    Run<T> run = start(dataContext, profile);
    return run.statement().run(run.context());
  }

  /**
   * A run that begins.
   *
   * @param statement the statement as it was last prepared
   */
  private record Run<T>(StatementSignature<T> statement, StatementContext context) {}

  /** Begins a run of the statement, which is prepared again if it has to be. */
  private Run<T> start(DataContext root, @Nullable Profile profile) {
    for (int preparations = 0; ; preparations++) {
      StatementSignature<T> statement = latest;
      // Without parameters yet, whose types may have changed with the columns.
      StatementContext bare = new StatementContext(root, session, List.of(), profile);
      try {
        if (again == null
            || preparations == MAX_PREPARATIONS
            || statement.tables.areCurrent(bare.scope())) {
          return new Run<>(statement, statement.bind(bare, root));
        }
      } catch (Throwable e) {
        bare.scope().close();
        throw e;
      }
      bare.scope().close();
      latest = sameResult((StatementSignature<T>) again.get());
    }
  }

  private StatementContext bind(StatementContext bare, DataContext root) {
    StatementContext context = bare.again(withOwnVariables(root), parameters);
    RowCounts.check(rowCounts, context);
    return context;
  }

  private StatementSignature<T> sameResult(StatementSignature<T> other) {
    if (rowType == null
        || other.rowType == null
        || !PlannedTables.sameColumns(rowType, other.rowType)
        || parameters.size() != other.parameters.size()) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "columns of a table changed after the statement was prepared, and its result would have"
              + " other columns now: prepare it again");
    }
    return other;
  }

  /** What holds the parameters of a run, with what this statement's plan refers to by name. */
  private DataContext withOwnVariables(DataContext root) {
    return new RunVariables(root, new HashMap<>(internalParameters));
  }

  /** What one run of the query needs, its parameters checked. */
  StatementContext begin(DataContext dataContext, @Nullable Profile profile) {
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
