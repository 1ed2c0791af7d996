package org.bindsql.rel;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollationTraitDef;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Project;
import org.apache.calcite.rel.metadata.RelMdCollation;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.ProjectReader;
import org.bindsql.expr.VectorExpr;
import org.bindsql.vector.BatchReader;

/** Projection of batches: passes columns on and computes expressions. */
public final class ArrowProject extends Project implements ArrowRel {
  private ArrowProject(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      List<? extends RexNode> projects,
      RelDataType rowType) {
    super(cluster, traits, List.of(), input, projects, rowType, ImmutableSet.of());
  }

  /** A projection of an ARROW rel; every expression must be {@link #isSupported}. */
  public static ArrowProject create(
      RelNode input, List<? extends RexNode> projects, RelDataType rowType) {
    RelOptCluster cluster = input.getCluster();
    RelMetadataQuery mq = cluster.getMetadataQuery();
    RelTraitSet traits =
        cluster
            .traitSetOf(ArrowRel.CONVENTION)
            .replaceIfs(
                RelCollationTraitDef.INSTANCE, () -> RelMdCollation.project(mq, input, projects));
    return new ArrowProject(cluster, traits, input, projects, rowType);
  }

  /** Whether the expression can be projected in batches; any column can. */
  public static boolean isSupported(RexNode expression, RexBuilder rexBuilder) {
    return RexCompiler.compileProjection(expression, rexBuilder).isPresent();
  }

  @Override
  public ArrowProject copy(
      RelTraitSet traits, RelNode input, List<RexNode> projects, RelDataType rowType) {
    return new ArrowProject(getCluster(), traits, input, projects, rowType);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return ArrowRel.cheaper(super.computeSelfCost(planner, mq));
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    List<VectorExpr> expressions = new ArrayList<>();
    for (RexNode project : getProjects()) {
      Optional<VectorExpr> expression =
          RexCompiler.compileProjection(project, getCluster().getRexBuilder());
      expressions.add(expression.orElseThrow());
    }
    return new ProjectReader(ArrowRel.openProfiled(input, context), expressions, context);
  }
}
