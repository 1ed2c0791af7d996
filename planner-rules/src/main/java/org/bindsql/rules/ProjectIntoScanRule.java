package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexPermuteInputsShuttle;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.ImmutableIntList;
import org.apache.calcite.util.mapping.Mapping;
import org.apache.calcite.util.mapping.MappingType;
import org.apache.calcite.util.mapping.Mappings;
import org.bindsql.rel.ArrowTableScan;
import org.jspecify.annotations.Nullable;

/**
 * Rule that makes a scan read only the columns that the {@link Project} above it uses.
 *
 * <p>A projection of columns alone disappears into the scan; one that computes stays, over the
 * columns it needs.
 *
 * @see BindRules#PUSH_DOWNS
 */
final class ProjectIntoScanRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "ProjectIntoScanRule",
          project ->
              project
                  .operand(LogicalProject.class)
                  .oneInput(
                      scan -> scan.operand(ArrowTableScan.class).trait(Convention.NONE).noInputs()),
          ProjectIntoScanRule::new);

  private ProjectIntoScanRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalProject project = call.rel(0);
    ArrowTableScan scan = call.rel(1);
    if (!project.getVariablesSet().isEmpty()) {
      return; // a subquery refers to columns in ways that references do not show
    }
    // Positions in the scan's output are not those in the table.
    List<Integer> plain = plainColumns(project, scan);
    if (plain != null) {
      call.transformTo(scan.withColumns(ImmutableIntList.copyOf(plain)));
      return;
    }
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(project.getProjects(), null);
    if (used.cardinality() == scan.columns().size()) {
      return; // all are needed
    }
    List<Integer> columns = new ArrayList<>();
    Mapping mapping =
        Mappings.create(MappingType.INVERSE_SURJECTION, scan.columns().size(), used.cardinality());
    for (int position : used) {
      mapping.set(position, columns.size());
      columns.add(scan.columns().get(position));
    }
    ArrowTableScan narrow = scan.withColumns(ImmutableIntList.copyOf(columns));
    List<RexNode> shifted =
        new RexPermuteInputsShuttle(mapping, narrow).visitList(project.getProjects());
    call.transformTo(
        LogicalProject.create(
            narrow, project.getHints(), shifted, project.getRowType(), project.getVariablesSet()));
  }

  /** Table columns that the projection consists of, or null if it computes or repeats. */
  private static @Nullable List<Integer> plainColumns(Project project, ArrowTableScan scan) {
    List<Integer> columns = new ArrayList<>();
    for (RexNode expression : project.getProjects()) {
      if (!(expression instanceof RexInputRef ref)) {
        return null;
      }
      int column = scan.columns().get(ref.getIndex());
      if (columns.contains(column)) {
        return null;
      }
      columns.add(column);
    }
    return columns;
  }
}
