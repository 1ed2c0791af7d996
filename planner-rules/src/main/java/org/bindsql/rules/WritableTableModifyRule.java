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
import org.bindsql.rel.WritableTableModify;
import org.bindsql.table.WritableTable;
import org.jspecify.annotations.Nullable;

/**
 * Rule that converts a modification of a {@link WritableTable} to a {@link WritableTableModify}.
 *
 * <p>Of the old rows that UPDATE and DELETE read, only the identity columns are kept.
 */
final class WritableTableModifyRule extends ConverterRule {
  static final RelOptRule RULE =
      Config.INSTANCE
          .withConversion(
              LogicalTableModify.class,
              Convention.NONE,
              EnumerableConvention.INSTANCE,
              "WritableTableModifyRule")
          .withRuleFactory(WritableTableModifyRule::new)
          .toRule(WritableTableModifyRule.class);

  private WritableTableModifyRule(Config config) {
    super(config);
  }

  @Override
  public @Nullable RelNode convert(RelNode rel) {
    LogicalTableModify modify = (LogicalTableModify) rel;
    WritableTable table = modify.getTable().unwrap(WritableTable.class);
    if (table == null) {
      return null; // some other table
    }
    RelNode input =
        switch (modify.getOperation()) {
          case UPDATE, DELETE -> identified(modify, table);
          case INSERT, MERGE -> modify.getInput();
        };
    return WritableTableModify.create(
        modify,
        convert(input, input.getTraitSet().replace(EnumerableConvention.INSTANCE).simplify()));
  }

  private static RelNode identified(LogicalTableModify modify, WritableTable table) {
    RexBuilder rexBuilder = modify.getCluster().getRexBuilder();
    RelNode input = modify.getInput();
    List<RexNode> fields = new ArrayList<>();
    for (int column : table.identityColumns()) {
      fields.add(rexBuilder.makeInputRef(input, column));
    }
    List<RexNode> newValues = modify.getSourceExpressionList();
    if (newValues != null) {
      fields.addAll(newValues);
    }
    return LogicalProject.create(input, List.of(), fields, (List<String>) null, Set.of());
  }
}
