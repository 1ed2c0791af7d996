package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptRule;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterRule;
import org.apache.calcite.rel.logical.LogicalProject;
import org.apache.calcite.rel.logical.LogicalTableModify;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.rel.ArrowRel;
import org.bindsql.rel.ChangeTableModify;
import org.bindsql.table.ChangeForm;
import org.bindsql.table.ChangePlan;
import org.bindsql.table.ChangeTable;
import org.jspecify.annotations.Nullable;

/**
 * Rule that converts an INSERT into a {@link ChangeTable} or {@link ChangeForm} to a {@link
 * ChangeTableModify}, over batches or over rows.
 *
 * <p>Over batches an UPDATE reads all columns of the rows it changes. Over rows it reads those that
 * it sets and has the others fetched, because a row's form loses what a batch keeps: a time's
 * microseconds.
 */
final class ChangeTableModifyRule extends ConverterRule {
  static final RelOptRule BATCHES = rule("ChangeTableModifyRule(ARROW)");
  static final RelOptRule ROWS = rule("ChangeTableModifyRule(ENUMERABLE)");

  private static final int LEADING = 3;

  private static RelOptRule rule(String name) {
    return Config.INSTANCE
        .withConversion(
            LogicalTableModify.class, Convention.NONE, EnumerableConvention.INSTANCE, name)
        .withRuleFactory(ChangeTableModifyRule::new)
        .toRule(ChangeTableModifyRule.class);
  }

  private final boolean batches;

  private ChangeTableModifyRule(Config config) {
    super(config);
    this.batches = config.description() != null && config.description().contains("ARROW");
  }

  @Override
  public @Nullable RelNode convert(RelNode rel) {
    LogicalTableModify modify = (LogicalTableModify) rel;
    if (!modify.isInsert()) {
      return null; // not written in the change form
    }
    ChangeForm form = modify.getTable().unwrap(ChangeForm.class);
    if (form != null && form.plan() != null) {
      return apply(modify, form.plan());
    }
    return modify.getTable().unwrap(ChangeTable.class) == null
        ? null // some other table
        : ChangeTableModify.append(modify, physical(modify.getInput()));
  }

  private @Nullable RelNode apply(LogicalTableModify modify, ChangePlan plan) {
    if (batches && !plan.complete()) {
      return null; // joins have no batches
    }
    ChangePlan read = new ChangePlan(plan.clauses(), batches, plan.keys(), plan.firstWins());
    RelNode input = modify.getInput();
    int count = input.getRowType().getFieldCount();
    ImmutableBitSet columns =
        batches && plan.updates() ? ImmutableBitSet.range(count - LEADING) : plan.assigned();
    RexBuilder rexBuilder = modify.getCluster().getRexBuilder();
    List<RexNode> fields = new ArrayList<>();
    for (int i = 0; i < LEADING; i++) {
      if (!batches || i < LEADING - 1) {
        fields.add(rexBuilder.makeInputRef(input, i));
      }
    }
    columns.forEach(column -> fields.add(rexBuilder.makeInputRef(input, LEADING + column)));
    RelNode needed = LogicalProject.create(input, List.of(), fields, (List<String>) null, Set.of());
    return ChangeTableModify.apply(modify, physical(needed), read, columns);
  }

  private RelNode physical(RelNode input) {
    Convention convention = batches ? ArrowRel.CONVENTION : EnumerableConvention.INSTANCE;
    return convert(input, input.getTraitSet().replace(convention).simplify());
  }
}
