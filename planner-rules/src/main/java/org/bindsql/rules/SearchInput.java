package org.bindsql.rules;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.volcano.RelSubset;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.logical.LogicalTableScan;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexShuttle;
import org.apache.calcite.rex.RexUtil;
import org.bindsql.rel.ArrowTableScan;
import org.bindsql.table.FingerprintTable;
import org.jspecify.annotations.Nullable;

/**
 * Projections and filters, in any number and order, over a scan of a fingerprint table, as one
 * projection over one filter over the scan.
 *
 * @param table what is scanned
 * @param outputs the fields of the topmost relation as expressions over the table's columns
 * @param conjuncts what all filters together demand, over the table's columns
 */
record SearchInput(RelOptTable table, List<RexNode> outputs, List<RexNode> conjuncts) {

  /** The table's search interface. */
  FingerprintTable fingerprintTable() {
    return table.unwrapOrThrow(FingerprintTable.class);
  }

  /**
   * What {@code rel} is made of; null if it holds anything but projections, filters and a scan, or
   * an expression that must not be moved (not deterministic, windowed, correlated, a subquery).
   */
  static @Nullable SearchInput of(RelNode rel) {
    List<RexNode> outputs = new ArrayList<>();
    rel.getRowType()
        .getFieldList()
        .forEach(field -> outputs.add(new RexInputRef(field.getIndex(), field.getType())));
    return descend(rel, outputs, List.of(), new Walk());
  }

  /** One way down through the planner's equivalence sets. */
  private static final class Walk {
    final Set<RelNode> seen = new HashSet<>();

    /** Whether a join, a union or the like was met: then no other way down leads to a scan. */
    boolean joined;
  }

  private static @Nullable SearchInput descend(
      RelNode rel, List<RexNode> outputs, List<RexNode> conjuncts, Walk walk) {
    if (rel instanceof RelSubset subset) {
      return descendAny(subset, outputs, conjuncts, walk);
    }
    return switch (rel.stripped()) {
      case Project project when canMove(project) ->
          descend(
              project.getInput(),
              RelOptUtil.pushPastProject(outputs, project),
              RelOptUtil.pushPastProject(conjuncts, project),
              walk);
      case Filter filter when canMove(filter) -> {
        List<RexNode> all = new ArrayList<>(RelOptUtil.conjunctions(filter.getCondition()));
        all.addAll(conjuncts);
        yield descend(filter.getInput(), outputs, all, walk);
      }
      case ArrowTableScan scan when scan.limit() < 0 && isSearchable(scan) ->
          overArrowScan(scan, outputs, conjuncts);
      case LogicalTableScan scan when isSearchable(scan) ->
          new SearchInput(scan.getTable(), outputs, conjuncts);
      case RelNode other -> {
        walk.joined |= other.getInputs().size() > 1;
        yield null;
      }
    };
  }

  /**
   * Tries the members of an equivalence set, which may refer to the set itself. A set that led
   * nowhere is not tried again on another way: the number of ways grows exponentially with joins.
   */
  private static @Nullable SearchInput descendAny(
      RelSubset subset, List<RexNode> outputs, List<RexNode> conjuncts, Walk walk) {
    if (walk.joined || !walk.seen.add(subset)) {
      return null;
    }
    RelNode original = subset.getOriginal();
    SearchInput found = original == null ? null : descend(original, outputs, conjuncts, walk);
    if (found == null) { // the original may have been rewritten beyond recognition
      for (RelNode member : subset.getRelList()) {
        if (found == null
            && !walk.joined
            && member != original
            && member.getConvention() == Convention.NONE) {
          found = descend(member, outputs, conjuncts, walk);
        }
      }
    }
    return found;
  }

  private static boolean canMove(Project project) {
    return project.getVariablesSet().isEmpty()
        && !project.containsOver()
        && project.getProjects().stream().allMatch(SearchInput::canMove);
  }

  private static boolean canMove(Filter filter) {
    return filter.getVariablesSet().isEmpty()
        && !filter.containsOver()
        && canMove(filter.getCondition());
  }

  private static boolean canMove(RexNode node) {
    return RexUtil.isDeterministic(node)
        && !RexUtil.containsCorrelation(node)
        && RexUtil.SubQueryFinder.find(node) == null;
  }

  private static boolean isSearchable(TableScan scan) {
    return scan.getTable().unwrap(FingerprintTable.class) != null;
  }

  private static SearchInput overArrowScan(
      ArrowTableScan scan, List<RexNode> outputs, List<RexNode> conjuncts) {
    RexShuttle toTable =
        new RexShuttle() {
          @Override
          public RexNode visitInputRef(RexInputRef ref) {
            return new RexInputRef(scan.columns().get(ref.getIndex()), ref.getType());
          }
        };
    List<RexNode> all = new ArrayList<>(scan.filter());
    all.addAll(toTable.visitList(conjuncts));
    return new SearchInput(scan.getTable(), toTable.visitList(outputs), all);
  }
}
