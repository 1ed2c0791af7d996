package org.bindsql.rel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.bindsql.cascade.BlockFilter;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.expr.BatchPredicate;
import org.bindsql.vector.Selection;

/**
 * Conjuncts that a search evaluates itself, on the columns of each block: those that have a batch
 * form first, then the others a row at a time over the rows left.
 *
 * <p>Thread-safe, and shared by all runs of a plan.
 */
final class Remainder {
  private final int[] columns;
  private final RelDataType blockType;
  private final RexBuilder rexBuilder;
  private final List<RexNode> byBatch = new ArrayList<>();
  private final List<BatchPredicate> byRow = new ArrayList<>();

  /**
   * Sorts the conjuncts.
   *
   * @param conjuncts over the columns of the table
   * @param tableType row type of the table
   */
  Remainder(List<RexNode> conjuncts, RelDataType tableType, RexBuilder rexBuilder) {
    this.columns = RelOptUtil.InputFinder.bits(conjuncts, null).toArray();
    this.blockType = blockType(tableType, rexBuilder.getTypeFactory());
    this.rexBuilder = rexBuilder;
    for (RexNode conjunct : onBlock(conjuncts)) {
      if (RexCompiler.compilePredicate(conjunct, rexBuilder).isPresent()) {
        byBatch.add(conjunct);
      } else {
        byRow.add(new RowPredicate(conjunct, blockType, rexBuilder));
      }
    }
  }

  /** Positions in the table of the columns that the conjuncts read, ascending. */
  int[] columns() {
    return columns.clone();
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

  private RelDataType blockType(RelDataType tableType, RelDataTypeFactory factory) {
    RelDataTypeFactory.Builder builder = factory.builder();
    for (int column : columns) {
      builder.add(tableType.getFieldList().get(column));
    }
    return builder.build();
  }

  /** The conjuncts as a filter for one thread of one run. */
  BlockFilter filter(ExecutionContext context) {
    List<BatchPredicate> predicates = new ArrayList<>();
    predicates.add(RexCompiler.predicate(byBatch, blockType, rexBuilder));
    predicates.addAll(byRow);
    return batch -> {
      Selection rows = batch.selection();
      for (BatchPredicate predicate : predicates) {
        if (rows.isEmpty()) {
          return rows;
        }
        rows = predicate.filter(batch, rows, context);
      }
      return rows;
    };
  }
}
