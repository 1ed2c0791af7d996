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
 * Conjuncts that a search evaluates itself, on the columns of each block: group by group, and of a
 * group those that have a batch form first, then the others a row at a time over the rows left.
 *
 * <p>Thread-safe, and shared by all runs of a plan.
 */
final class Remainder {
  private final int[] columns;
  private final RelDataType blockType;
  private final RexBuilder rexBuilder;
  private final List<Group> groups = new ArrayList<>();

  private record Group(List<RexNode> byBatch, List<BatchPredicate> byRow) {}

  /**
   * Sorts the conjuncts.
   *
   * @param tableType row type of the table
   * @param groups conjuncts over the columns of the table; those of a group are evaluated only on
   *     rows that pass the groups before
   */
  @SafeVarargs
  Remainder(RelDataType tableType, RexBuilder rexBuilder, List<RexNode>... groups) {
    List<RexNode> all = Arrays.stream(groups).flatMap(List::stream).toList();
    this.columns = RelOptUtil.InputFinder.bits(all, null).toArray();
    this.blockType = blockType(tableType, rexBuilder.getTypeFactory());
    this.rexBuilder = rexBuilder;
    for (List<RexNode> conjuncts : groups) {
      Group group = new Group(new ArrayList<>(), new ArrayList<>());
      for (RexNode conjunct : onBlock(conjuncts)) {
        if (RexCompiler.compilePredicate(conjunct, rexBuilder).isPresent()) {
          group.byBatch.add(conjunct);
        } else {
          group.byRow.add(new RowPredicate(conjunct, blockType, rexBuilder));
        }
      }
      this.groups.add(group);
    }
  }

  /** Positions in the table of the columns that the conjuncts read, ascending. */
  int[] columns() {
    return columns.clone();
  }

  /** Number of conjuncts that are evaluated a row at a time. */
  int rowConjuncts() {
    return groups.stream().mapToInt(group -> group.byRow.size()).sum();
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
    for (Group group : groups) {
      predicates.add(RexCompiler.predicate(group.byBatch, blockType, rexBuilder));
      predicates.addAll(group.byRow);
    }
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
