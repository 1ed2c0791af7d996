package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableHashJoin;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Calc;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.JoinInfo;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableIntList;
import org.bindsql.rel.ArrowTableScan;
import org.bindsql.rel.ArrowToEnumerable;
import org.bindsql.rel.ChangeTableModify;
import org.bindsql.rel.JoinKeyNotes;
import org.bindsql.rel.JoinKeys;
import org.jspecify.annotations.Nullable;

/**
 * Makes the physical plan of a statement that changes rows look up the keys of its source in the
 * table, where the source turns out to have few, in place of reading the keys of all rows.
 */
public final class KeyLookups {
  private KeyLookups() {}

  /** The plan with {@link JoinKeys} in its joins if it changes rows, else the plan itself. */
  public static RelNode insert(RelNode plan) {
    return plan instanceof ChangeTableModify change && change.changesRows() ? joins(plan) : plan;
  }

  private static RelNode joins(RelNode rel) {
    List<RelNode> inputs = rel.getInputs().stream().map(KeyLookups::joins).toList();
    RelNode copy = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    return copy instanceof EnumerableHashJoin join ? join(join) : copy;
  }

  private static RelNode join(EnumerableHashJoin join) {
    // Only these two leave out the left rows that match nothing.
    if (join.getJoinType() != JoinRelType.RIGHT && join.getJoinType() != JoinRelType.INNER) {
      return join;
    }
    JoinInfo info = join.analyzeCondition();
    Object identity = new Object();
    List<Integer> sources = new ArrayList<>();
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < info.leftKeys.size(); i++) {
      Found found = find(join.getLeft(), info.leftKeys.get(i));
      if (found != null
          && info.nullExclusionFlags.get(i)
          && JoinKeys.canNote(
              join.getRight().getRowType().getFieldList().get(info.rightKeys.get(i)).getType())) {
        sources.add(info.rightKeys.get(i));
        columns.add(found.column());
      }
    }
    if (columns.isEmpty()) {
      return join;
    }
    JoinKeys keys =
        new JoinKeys(ImmutableIntList.copyOf(sources), ImmutableIntList.copyOf(columns), identity);
    RelNode left = withKeys(join.getLeft(), keys);
    return left == null
        ? join
        : join.copy(join.getTraitSet(), List.of(left, new JoinKeyNotes(join.getRight(), keys)));
  }

  /** A column of a scan that is passed on as it is. */
  private record Found(ArrowTableScan scan, int column) {}

  private static @Nullable Found find(RelNode rel, int field) {
    return switch (rel) {
      case ArrowTableScan scan
          when JoinKeys.canNote(scan.getRowType().getFieldList().get(field).getType()) ->
          new Found(scan, scan.columns().get(field));
      case ArrowToEnumerable exit -> find(exit.getInput(), field);
      case Filter filter -> find(filter.getInput(), field);
      case Project project -> through(project.getProjects().get(field), project.getInput());
      case Calc calc ->
          through(
              calc.getProgram().expandLocalRef(calc.getProgram().getProjectList().get(field)),
              calc.getInput());
      default -> null;
    };
  }

  private static @Nullable Found through(RexNode expression, RelNode input) {
    return expression instanceof RexInputRef ref ? find(input, ref.getIndex()) : null;
  }

  private static @Nullable RelNode withKeys(RelNode rel, JoinKeys keys) {
    if (rel instanceof ArrowTableScan scan) {
      return scan.withKeys(keys);
    }
    RelNode input = withKeys(rel.getInput(0), keys);
    return input == null ? null : rel.copy(rel.getTraitSet(), List.of(input));
  }
}
