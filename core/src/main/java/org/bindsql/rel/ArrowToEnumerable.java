package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.plan.ConventionTraitDef;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.convert.ConverterImpl;
import org.apache.calcite.rel.metadata.RelMetadataQuery;

/** The one exit from batches to rows: converts ARROW to Enumerable. */
public final class ArrowToEnumerable extends ConverterImpl implements EnumerableRel {
  private ArrowToEnumerable(RelOptCluster cluster, RelTraitSet traits, RelNode input) {
    super(cluster, ConventionTraitDef.INSTANCE, traits, input);
  }

  /** Rows of an ARROW rel, in its order. */
  public static ArrowToEnumerable create(RelNode input) {
    RelTraitSet traits = input.getTraitSet().replace(EnumerableConvention.INSTANCE);
    return new ArrowToEnumerable(input.getCluster(), traits, input);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new ArrowToEnumerable(getCluster(), traits, inputs.getFirst());
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    // Every value that leaves is boxed, so the fewer rows leave the better.
    double rows = mq.getRowCount(this);
    double values = rows * Math.max(1, getRowType().getFieldCount());
    return planner
        .getCostFactory()
        .makeCost(values, values, 0)
        .multiplyBy(ArrowRel.COST_MULTIPLIER);
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    PhysType rows =
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    BlockBuilder builder = new BlockBuilder();
    // The plan travels as an object, not as generated code.
    Expression reader =
        Expressions.new_(
            RowReader.class,
            implementor.getRootExpression(),
            implementor.stash(getInput(), RelNode.class));
    builder.add(Expressions.return_(null, reader));
    return implementor.result(rows, builder.toBlock());
  }
}
