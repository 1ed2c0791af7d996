package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.ProfiledReader;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * {@link HdrCascadeJoin} of an input that comes a row at a time, such as a join; the rows are
 * packed into batches, and the result unpacked.
 */
public final class HdrCascadeJoinRows extends SingleRel implements EnumerableRel {
  private final HdrCascadeJoin join;
  private final int operator;

  private HdrCascadeJoinRows(RelTraitSet traits, RelNode input, HdrCascadeJoin join, int operator) {
    super(input.getCluster(), traits, input);
    this.join = join;
    this.operator = operator;
  }

  /**
   * Creates a join.
   *
   * @param join what it does, whatever its input
   * @param input in Enumerable convention
   */
  public static HdrCascadeJoinRows create(HdrCascadeJoin join, RelNode input) {
    RelTraitSet traits = input.getCluster().traitSetOf(EnumerableConvention.INSTANCE);
    return new HdrCascadeJoinRows(traits, input, join, -1);
  }

  /** The same join, which reports to a profile under another id than its own. */
  public HdrCascadeJoinRows reportingAs(int newOperator) {
    return new HdrCascadeJoinRows(getTraitSet(), getInput(), join, newOperator);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new HdrCascadeJoinRows(traits, inputs.getFirst(), join, operator);
  }

  @Override
  protected RelDataType deriveRowType() {
    return join.getRowType();
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return join.explainItems(super.explainTerms(writer));
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return join.estimateRowCount(mq);
  }

  @Override
  public @Nullable RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double rows = mq.getRowCount(getInput()) + mq.getRowCount(this);
    RelOptCost cost = join.computeSelfCost(planner, mq);
    return cost.plus(planner.getCostFactory().makeCost(rows, rows, 0));
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder builder = new BlockBuilder();
    Result rows = implementor.visitChild(this, 0, (EnumerableRel) getInput(), Prefer.ARRAY);
    Expression arrays =
        rows.physType.convertTo(builder.append("rows", rows.block), JavaRowFormat.ARRAY);
    PhysType type =
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    builder.add(
        Expressions.return_(
            null,
            Expressions.call(
                implementor.stash(new Run(join, operator < 0 ? getId() : operator), Run.class),
                "run",
                Expressions.convert_(implementor.getRootExpression(), DataContext.class),
                Expressions.convert_(arrays, Enumerable.class))));
    return implementor.result(type, builder.toBlock());
  }

  /** The join at run time; generated code calls it. */
  public static final class Run {
    private final HdrCascadeJoin join;
    private final int operator;

    private Run(HdrCascadeJoin join, int operator) {
      this.join = join;
      this.operator = operator;
    }

    /**
     * The rows of the join, each an array.
     *
     * @param input rows of the input, each an array
     */
    public Enumerable<@Nullable Object> run(DataContext root, Enumerable<Object> input) {
      return new AbstractEnumerable<>() {
        @Override
        public Enumerator<@Nullable Object> enumerator() {
          ExecutionContext context = RowReader.openContext(root);
          return new RowEnumerator(
              () -> open(input, context), join.getRowType().getFieldCount(), context);
        }
      };
    }

    private BatchReader open(Enumerable<Object> input, ExecutionContext context) {
      RelDataType type = join.getInput().getRowType();
      BatchReader batches =
          new RowBatches(
              input.enumerator(),
              ArrowTypes.toSchema(type),
              false,
              context.allocator(),
              context.batchSize());
      return new ProfiledReader(
          new CascadeJoinReader(join, operator, batches, context), operator, context);
    }
  }
}
