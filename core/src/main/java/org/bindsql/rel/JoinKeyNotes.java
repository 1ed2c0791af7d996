package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.DataContext;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.enumerable.EnumerableRelImplementor;
import org.apache.calcite.adapter.enumerable.JavaRowFormat;
import org.apache.calcite.adapter.enumerable.PhysType;
import org.apache.calcite.adapter.enumerable.PhysTypeImpl;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.tree.BlockBuilder;
import org.apache.calcite.linq4j.tree.Expression;
import org.apache.calcite.linq4j.tree.Expressions;
import org.apache.calcite.linq4j.tree.Types;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;

/** The rows of a join's right input, whose {@link JoinKeys} are noted as they pass. */
public final class JoinKeyNotes extends SingleRel implements EnumerableRel {
  private final JoinKeys keys;

  /** Creates the rel above a join's right input, which is in Enumerable convention. */
  public JoinKeyNotes(RelNode input, JoinKeys keys) {
    super(input.getCluster(), input.getTraitSet(), input);
    this.keys = keys;
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new JoinKeyNotes(inputs.getFirst(), keys);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    List<String> names = getRowType().getFieldNames();
    return super.explainTerms(writer).item("keys", keys.source().stream().map(names::get).toList());
  }

  @Override
  public Result implement(EnumerableRelImplementor implementor, Prefer prefer) {
    BlockBuilder builder = new BlockBuilder();
    Result input = implementor.visitChild(this, 0, (EnumerableRel) getInput(), Prefer.ARRAY);
    PhysType type =
        PhysTypeImpl.of(implementor.getTypeFactory(), getRowType(), JavaRowFormat.ARRAY);
    Expression rows = input.physType.convertTo(builder.append("keyed", input.block), type);
    builder.add(
        Expressions.return_(
            null,
            Expressions.call(
                Types.lookupMethod(
                    JoinKeys.class, "note", Enumerable.class, JoinKeys.class, DataContext.class),
                rows,
                implementor.stash(keys, JoinKeys.class),
                DataContext.ROOT)));
    return implementor.result(type, builder.toBlock());
  }
}
