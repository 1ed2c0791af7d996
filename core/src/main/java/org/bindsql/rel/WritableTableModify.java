package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.TableModify;
import org.apache.calcite.rel.logical.LogicalTableModify;
import org.apache.calcite.util.ImmutableIntList;
import org.bindsql.table.WritableTable;

/**
 * INSERT, UPDATE or DELETE of a {@link WritableTable}, in Enumerable convention.
 *
 * <p>The input holds the rows in the form that the table's method wants.
 */
public final class WritableTableModify extends TableModify implements EnumerableRel {
  private WritableTableModify(TableModify modify, RelTraitSet traits, RelNode input) {
    super(
        modify.getCluster(),
        traits,
        modify.getTable(),
        modify.getCatalogReader(),
        input,
        modify.getOperation(),
        modify.getUpdateColumnList(),
        modify.getSourceExpressionList(),
        modify.isFlattened());
  }

  /**
   * A physical form of a modification.
   *
   * @param input rows as the method of {@link WritableTable} for the operation wants them
   */
  public static WritableTableModify create(LogicalTableModify modify, RelNode input) {
    RelTraitSet traits = modify.getTraitSet().replace(EnumerableConvention.INSTANCE);
    return new WritableTableModify(modify, traits, input);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new WritableTableModify(this, traits, inputs.getFirst());
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder builder = new BlockBuilder();
    Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), Prefer.ARRAY);
    Expression rows =
        input.physType.convertTo(builder.append("rows", input.block), JavaRowFormat.ARRAY);
    ModifyRun run =
        new ModifyRun(getTable().unwrapOrThrow(WritableTable.class), getOperation(), columns());
    builder.add(
        Expressions.return_(
            null,
            Expressions.call(
                implementor.stash(run, ModifyRun.class),
                "run",
                Expressions.convert_(implementor.getRootExpression(), DataContext.class),
                Expressions.convert_(rows, Enumerable.class))));
    PhysType count =
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.SCALAR);
    return implementor.result(count, builder.toBlock());
  }

  private int[] columns() {
    List<String> updated = getUpdateColumnList();
    List<String> names = getTable().getRowType().getFieldNames();
    return updated == null
        ? new int[0]
        : ImmutableIntList.copyOf(updated.stream().map(names::indexOf).toList()).toIntArray();
  }
}
