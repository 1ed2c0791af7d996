package org.bindsql.rel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.BitVector;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.function.Function1;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.expr.Column;
import org.bindsql.expr.VectorExpr;
import org.bindsql.type.CellReader;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * Conjuncts that a search evaluates itself, on the columns of each block: those that have a batch
 * form first, then the others a row at a time over the rows left.
 */
final class Remainder {
  private final int[] columns;
  private final List<RexNode> byBatch = new ArrayList<>();
  private final @Nullable Function1<DataContext, @Nullable Object @Nullable []> byRow;
  private final RexBuilder rexBuilder;
  private final ExecutionContext context;

  /**
   * Compiles conjuncts.
   *
   * @param conjuncts over the columns of the table
   * @param tableType row type of the table
   */
  Remainder(
      List<RexNode> conjuncts,
      RelDataType tableType,
      RexBuilder rexBuilder,
      ExecutionContext context) {
    this.columns = RelOptUtil.InputFinder.bits(conjuncts, null).toArray();
    this.rexBuilder = rexBuilder;
    this.context = context;
    List<RexNode> rest = new ArrayList<>();
    for (RexNode conjunct : onBlock(conjuncts)) {
      boolean hasBatchForm = RexCompiler.compile(conjunct, rexBuilder).isPresent();
      (hasBatchForm ? byBatch : rest).add(conjunct);
    }
    this.byRow =
        rest.isEmpty()
            ? null
            : RexExecutorImpl.getExecutable(
                    rexBuilder,
                    List.of(RexUtil.composeConjunction(rexBuilder, rest)),
                    blockType(tableType))
                .getFunction();
  }

  /** Positions in the table of the columns that the conjuncts read, ascending. */
  int[] columns() {
    return columns;
  }

  /** The conjuncts with references to the columns of a block instead of the table's. */
  private List<RexNode> onBlock(List<RexNode> conjuncts) {
    RexShuttle shuttle =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return new RexInputRef(Arrays.binarySearch(columns, ref.getIndex()), ref.getType());
          }
        };
    return shuttle.visitList(conjuncts);
  }

  private RelDataType blockType(RelDataType tableType) {
    RelDataTypeFactory.Builder builder = rexBuilder.getTypeFactory().builder();
    for (int column : columns) {
      builder.add(tableType.getFieldList().get(column));
    }
    return builder.build();
  }

  /** The conjuncts as a filter for one thread. */
  BlockFilter filter() {
    List<VectorExpr> expressions =
        byBatch.stream()
            .map(conjunct -> RexCompiler.compile(conjunct, rexBuilder))
            .flatMap(Optional::stream)
            .toList();
    VariablesDataContext row = new VariablesDataContext(context, rexBuilder);
    return batch -> {
      Selection rows = batch.selection();
      for (VectorExpr expression : expressions) {
        if (rows.isEmpty()) {
          return rows;
        }
        rows = whereTrue(expression, batch.withSelection(rows));
      }
      return byRow == null || rows.isEmpty() ? rows : whereTrue(byRow, row, batch, rows);
    };
  }

  private Selection whereTrue(VectorExpr expression, Batch batch) {
    Selection rows = batch.selection();
    Column column = expression.evaluate(batch, context);
    try {
      return switch (column) {
        case Column.ScalarColumn(var value) ->
            Boolean.TRUE.equals(value) ? rows : Selection.empty();
        case Column.VectorColumn(var vector, var ignored) -> {
          BitVector bits = (BitVector) vector;
          int[] positions = new int[rows.count()];
          int count = 0;
          for (int i = 0; i < rows.count(); i++) {
            int position = rows.position(i);
            if (!bits.isNull(position) && bits.get(position) != 0) {
              positions[count++] = position;
            }
          }
          yield Selection.list(positions, count);
        }
      };
    } finally {
      column.release();
    }
  }

  private Selection whereTrue(
      Function1<DataContext, @Nullable Object @Nullable []> condition,
      VariablesDataContext row,
      Batch batch,
      Selection rows) {
    CellReader[] cells = new CellReader[columns.length];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = CellReader.of(batch.column(i));
    }
    @Nullable Object[] values = new Object[columns.length];
    row.setRow(values);
    int[] positions = new int[rows.count()];
    int count = 0;
    for (int i = 0; i < rows.count(); i++) {
      int position = rows.position(i);
      for (int j = 0; j < cells.length; j++) {
        values[j] = cells[j].get(position);
      }
      @Nullable Object @Nullable [] result = condition.apply(row);
      if (result != null && Boolean.TRUE.equals(result[0])) {
        positions[count++] = position;
      }
    }
    return Selection.list(positions, count);
  }
}
