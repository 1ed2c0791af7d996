package org.bindsql.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.DataContext;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.util.Pair;
import org.bindsql.engine.run.ResultBatches;
import org.bindsql.engine.run.ResultSchema;
import org.bindsql.engine.run.RunVariables;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.rel.ArrowRel;
import org.bindsql.rel.ArrowToEnumerable;
import org.bindsql.rel.RowBatches;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * A prepared query whose result is read as batches.
 *
 * <p>Where the plan's last operator makes batches they are the result, and no row is ever made;
 * else the rows are packed.
 */
public final class QueryBatches {
  private final StatementSignature<Object> query;
  private final RelDataType rowType;
  private final Schema schema;
  private final @Nullable Direct direct;

  /**
   * Batches of a plan.
   *
   * @param columns positions of the result's columns among the plan's
   */
  private record Direct(ArrowRel plan, int[] columns) {
    static @Nullable Direct of(RelRoot root) {
      RelNode plan = root.rel;
      return plan instanceof ArrowToEnumerable exit
          ? new Direct(
              (ArrowRel) exit.getInput(),
              Pair.left(root.fields).stream().mapToInt(Integer::intValue).toArray())
          : null;
    }
  }

  /**
   * Creates the batches of a query.
   *
   * @param plan how the query was planned, or null if it needed no plan
   * @param reference whether rows are wanted in any case
   */
  QueryBatches(
      StatementSignature<Object> query, BindPrepare.@Nullable Plan plan, boolean reference) {
    if (query.rowType == null) {
      throw new IllegalStateException("a query without row type: " + query.sql);
    }
    this.query = query;
    this.rowType = query.rowType;
    this.schema = ResultSchema.of(rowType, plan == null ? null : plan.logical());
    this.direct = plan == null || reference ? null : Direct.of(plan.physical());
  }

  /** The prepared query. */
  StatementSignature<Object> query() {
    return query;
  }

  /** The columns of the result in SQL's types. */
  public RelDataType rowType() {
    return rowType;
  }

  /** The columns of the result; a stored column that is passed on keeps its Arrow type. */
  public Schema schema() {
    return schema;
  }

  /** Whether no rows are made. */
  boolean isDirect() {
    return direct != null;
  }

  /**
   * Runs the query outside a JDBC statement.
   *
   * @param connection the connection's own variables
   * @param parameters values of the parameters in JDBC's classes
   * @param cancelled the flag that cancels the run
   */
  ResultBatches open(
      DataContext connection, List<@Nullable Object> parameters, AtomicBoolean cancelled) {
    if (parameters.size() != query.parameters.size()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "%d parameters given, the statement has %d"
              .formatted(parameters.size(), query.parameters.size()));
    }
    Map<String, @Nullable Object> variables = new HashMap<>(query.internalParameters);
    for (int i = 0; i < parameters.size(); i++) {
      variables.put("?" + i, parameters.get(i));
    }
    variables.put(DataContext.Variable.CANCEL_FLAG.camelName, cancelled);
    return open(new RunVariables(connection, variables));
  }

  /**
   * Runs the query.
   *
   * <p>The reader owns all that the run needs, its memory and its images of the tables included.
   * The vectors of its batches have the types of {@link #schema}.
   *
   * @param root holds the parameters, and the flag that cancels
   */
  public ResultBatches open(DataContext root) {
    StatementContext context = query.begin(root, null);
    try {
      ExecutionContext execution = context.open();
      try {
        BatchReader input =
            direct == null
                ? rows(context, execution)
                : ArrowRel.openProfiled(direct.plan(), execution);
        return new ResultBatches(
            input,
            schema,
            direct == null ? null : direct.columns(),
            query.maxRows(),
            execution,
            context.scope());
      } catch (Throwable e) {
        execution.allocator().close();
        throw e;
      }
    } catch (Throwable e) {
      context.scope().close();
      throw e;
    }
  }

  private BatchReader rows(StatementContext context, ExecutionContext execution) {
    boolean single = query.cursorFactory.style == Meta.Style.OBJECT;
    Enumerator<Object> rows = query.run(context).enumerator();
    try {
      return new RowBatches(rows, schema, single, execution.allocator(), execution.batchSize());
    } catch (Throwable e) {
      rows.close();
      throw e;
    }
  }
}
