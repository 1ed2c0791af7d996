package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.function.Function1;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.expr.BatchPredicate;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * Any condition without subquery, evaluated a row at a time by code that Calcite generates.
 *
 * <p>Slow, but of exactly Enumerable's meaning: for conditions that {@link RexCompiler} does not
 * translate where rows must not leave their batch. Thread-safe.
 */
public final class RowPredicate implements BatchPredicate {
  private final RexNode condition;
  private final RelDataType rowType;
  private final RexBuilder rexBuilder;
  private final int[] columns; // those that the condition reads
  private @Nullable Function1<DataContext, @Nullable Object @Nullable []> code;

  /**
   * Creates a predicate.
   *
   * @param rowType names and types of the batch's columns, to which the condition refers
   */
  public RowPredicate(RexNode condition, RelDataType rowType, RexBuilder rexBuilder) {
    this.condition = condition;
    this.rowType = rowType;
    this.rexBuilder = rexBuilder;
    this.columns = RelOptUtil.InputFinder.bits(condition).toArray();
  }

  @Override
  public Selection filter(Batch batch, Selection rows, ExecutionContext context) {
    CellReader[] cells = new CellReader[columns.length];
    for (int i = 0; i < columns.length; i++) {
      cells[i] = CellReader.of(batch.column(columns[i]));
    }
    Function1<DataContext, @Nullable Object @Nullable []> function = code();
    VariablesDataContext variables = new VariablesDataContext(context, rexBuilder);
    @Nullable Object[] row = new Object[rowType.getFieldCount()];
    variables.setRow(row);
    int[] kept = new int[rows.count()];
    int n = 0;
    for (int i = 0; i < rows.count(); i++) {
      int position = rows.position(i);
      for (int j = 0; j < columns.length; j++) {
        row[columns[j]] = cells[j].get(position);
      }
      @Nullable Object @Nullable [] result = function.apply(variables);
      if (result != null && Boolean.TRUE.equals(result[0])) {
        kept[n++] = position;
      }
    }
    return n == rows.count() ? rows : Selection.list(kept, n);
  }

  /** The code, compiled at the first use. */
  private synchronized Function1<DataContext, @Nullable Object @Nullable []> code() {
    if (code == null) {
      code = RexExecutorImpl.getExecutable(rexBuilder, List.of(condition), rowType).getFunction();
    }
    return code;
  }
}
