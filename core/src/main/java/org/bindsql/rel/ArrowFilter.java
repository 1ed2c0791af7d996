package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Filter;
import org.apache.calcite.rel.metadata.RelMdCollation;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.FilterReader;
import org.bindsql.vector.BatchReader;

/** Filter of batches: narrows their selections. */
public final class ArrowFilter extends Filter implements ArrowRel {
  private ArrowFilter(RelOptCluster cluster, RelTraitSet traits, RelNode input, RexNode condition) {
    super(cluster, traits, input, condition);
  }

  /** A filter of an ARROW rel; runs a row at a time what {@link RexCompiler} does not translate. */
  public static ArrowFilter create(RelNode input, RexNode condition) {
    RelOptCluster cluster = input.getCluster();
    RelMetadataQuery mq = cluster.getMetadataQuery();
    RelTraitSet traits =
        cluster
            .traitSetOf(ArrowRel.CONVENTION)
            .replaceIfs(RelCollationTraitDef.INSTANCE, () -> RelMdCollation.filter(mq, input));
    return new ArrowFilter(cluster, traits, input, condition);
  }

  @Override
  public ArrowFilter copy(RelTraitSet traits, RelNode input, RexNode newCondition) {
    return new ArrowFilter(getCluster(), traits, input, newCondition);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return ArrowRel.cheaper(super.computeSelfCost(planner, mq));
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    List<RexNode> conjuncts = RelOptUtil.conjunctions(condition);
    return new FilterReader(
        ArrowRel.openProfiled(input, context),
        RexCompiler.predicate(conjuncts, input.getRowType(), getCluster().getRexBuilder()),
        context);
  }
}
