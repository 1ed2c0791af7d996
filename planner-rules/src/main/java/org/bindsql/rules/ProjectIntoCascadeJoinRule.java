package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.plan.RelOptRuleCall;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelRule;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.util.ImmutableBitSet;
import org.apache.calcite.util.ImmutableIntList;
import org.bindsql.rel.CascadeJoinForm;
import org.bindsql.rel.CascadeSearch;
import org.bindsql.rel.HdrCascadeJoin;

/**
 * Rule that makes an {@link HdrCascadeJoin} return only the fields that the projection above it
 * uses, and read no others of its input.
 */
final class ProjectIntoCascadeJoinRule extends RelRule<RuleConfig> {
  static final RelOptRule RULE =
      RuleConfig.rule(
          "ProjectIntoCascadeJoinRule",
          b ->
              b.operand(LogicalProject.class)
                  .predicate(project -> project.getVariablesSet().isEmpty())
                  .oneInput(
                      j -> j.operand(HdrCascadeJoin.class).trait(Convention.NONE).anyInputs()),
          ProjectIntoCascadeJoinRule::new);

  private ProjectIntoCascadeJoinRule(RuleConfig config) {
    super(config);
  }

  @Override
  public void onMatch(RelOptRuleCall call) {
    LogicalProject project = call.rel(0);
    HdrCascadeJoin join = call.rel(1);
    CascadeSearch search = join.search();
    CascadeJoinForm form = join.form();
    List<RexNode> all = new ArrayList<>(project.getProjects());
    all.addAll(form.condition());
    ImmutableBitSet used = RelOptUtil.InputFinder.bits(all, null);

    // Input: the fields used, then the query unless it is one of them.
    RexBuilder rexBuilder = join.getCluster().getRexBuilder();
    List<RexNode> inputFields = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<RexNode> moved = new ArrayList<>(); // where each field of the join is afterwards
    int next = 0;
    for (int i = 0; i < form.inputColumns().size(); i++) {
      moved.add(field(join, i, next));
      if (used.get(i)) {
        inputFields.add(rexBuilder.makeInputRef(join.getInput(), form.inputColumns().get(i)));
        names.add(join.getRowType().getFieldNames().get(i));
        next++;
      }
    }
    ImmutableIntList inputColumns = ImmutableIntList.identity(next);
    int query = inputFields.indexOf(search.query());
    if (query < 0) {
      query = inputFields.size();
      inputFields.add(search.query());
      names.add(JoinPlan.QUERY_FIELD);
    }
    List<Integer> columns = new ArrayList<>();
    for (int i = 0; i < search.columns().size(); i++) {
      int field = form.inputColumns().size() + i;
      moved.add(field(join, field, next));
      if (used.get(field)) {
        columns.add(search.columns().get(i));
        next++;
      }
    }
    if (next == form.inputColumns().size() + search.columns().size()
        && RexUtil.isIdentity(inputFields, join.getInput().getRowType())) {
      return; // all are used
    }
    while (moved.size() < join.getRowType().getFieldCount()) {
      moved.add(field(join, moved.size(), next++));
    }
    LogicalProject narrow =
        LogicalProject.create(join.getInput(), List.of(), inputFields, names, Set.of());
    HdrCascadeJoin pruned =
        HdrCascadeJoin.createLogical(
            narrow,
            join.getTable(),
            search.with(rexBuilder.makeInputRef(narrow, query), ImmutableIntList.copyOf(columns)),
            new CascadeJoinForm(
                form.type(),
                inputColumns,
                form.fetch(),
                form.rank(),
                form.nullsFirst(),
                Substitution.of(form.condition(), moved)));
    call.transformTo(
        LogicalProject.create(
            pruned,
            project.getHints(),
            Substitution.of(project.getProjects(), moved),
            project.getRowType(),
            Set.of()));
  }

  private static RexNode field(HdrCascadeJoin join, int from, int to) {
    return new RexInputRef(to, join.getRowType().getFieldList().get(from).getType());
  }
}
