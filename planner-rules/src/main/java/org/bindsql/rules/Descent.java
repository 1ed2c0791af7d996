package org.bindsql.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.jspecify.annotations.Nullable;

/**
 * Way down through projections and filters, in any number and order and through the planner's
 * equivalence sets, to a relation of some kind.
 *
 * @param <T> what is made of that relation
 */
final class Descent<T> {
  /** What a way down may end at. */
  @FunctionalInterface
  interface End<T> {
    /**
     * Returns what is looked for, or null if the relation is not of the kind.
     *
     * @param outputs the fields of the topmost relation as expressions over the fields of this one
     * @param conjuncts what all filters together demand, over the fields of this one
     */
    @Nullable T at(RelNode rel, List<RexNode> outputs, List<RexNode> conjuncts);
  }

  private final End<T> end;
  private final boolean correlations;
  private final Set<RelNode> seen = new HashSet<>();

  /** Whether another join, a union or the like was met: then no other way leads to the end. */
  private boolean joined;

  private Descent(End<T> end, boolean correlations) {
    this.end = end;
    this.correlations = correlations;
  }

  /**
   * Goes down from {@code rel}; null if it holds anything else, or an expression that must not be
   * moved (not deterministic, windowed, a subquery).
   *
   * @param correlations whether expressions may refer to correlation variables
   */
  static <T> @Nullable T from(RelNode rel, boolean correlations, End<T> end) {
    List<RexNode> outputs = new ArrayList<>();
    rel.getRowType()
        .getFieldList()
        .forEach(field -> outputs.add(new RexInputRef(field.getIndex(), field.getType())));
    return new Descent<>(end, correlations).descend(rel, outputs, List.of());
  }

  private @Nullable T descend(RelNode rel, List<RexNode> outputs, List<RexNode> conjuncts) {
    if (rel instanceof RelSubset subset) {
      return descendAny(subset, outputs, conjuncts);
    }
    return switch (rel.stripped()) {
      case Project project when canMove(project) ->
          descend(
              project.getInput(),
              RelOptUtil.pushPastProject(outputs, project),
              RelOptUtil.pushPastProject(conjuncts, project));
      case Filter filter when canMove(filter) -> {
        List<RexNode> all = new ArrayList<>(RelOptUtil.conjunctions(filter.getCondition()));
        all.addAll(conjuncts);
        yield descend(filter.getInput(), outputs, all);
      }
      case RelNode other -> {
        T found = end.at(other, outputs, conjuncts);
        joined |= found == null && other.getInputs().size() > 1;
        yield found;
      }
    };
  }

  /**
   * Tries the members of an equivalence set, which may refer to the set itself. A set that led
   * nowhere is not tried again on another way: the number of ways grows exponentially with joins.
   */
  private @Nullable T descendAny(RelSubset subset, List<RexNode> outputs, List<RexNode> conjuncts) {
    if (joined || !seen.add(subset)) {
      return null;
    }
    RelNode original = subset.getOriginal();
    T found = original == null ? null : descend(original, outputs, conjuncts);
    if (found == null) { // the original may have been rewritten beyond recognition
      for (RelNode member : subset.getRelList()) {
        if (found == null
            && !joined
            && member != original
            && member.getConvention() == Convention.NONE) {
          found = descend(member, outputs, conjuncts);
        }
      }
    }
    return found;
  }

  private boolean canMove(Project project) {
    return project.getVariablesSet().isEmpty()
        && !project.containsOver()
        && project.getProjects().stream().allMatch(this::canMove);
  }

  private boolean canMove(Filter filter) {
    return filter.getVariablesSet().isEmpty()
        && !filter.containsOver()
        && canMove(filter.getCondition());
  }

  private boolean canMove(RexNode node) {
    return RexUtil.isDeterministic(node)
        && (correlations || !RexUtil.containsCorrelation(node))
        && RexUtil.SubQueryFinder.find(node) == null;
  }
}
