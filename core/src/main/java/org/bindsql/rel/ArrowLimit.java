package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.SingleRel;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.LimitReader;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** OFFSET and FETCH (LIMIT) without ORDER BY: stops reading when it has its rows. */
public final class ArrowLimit extends SingleRel implements ArrowRel {
  private final @Nullable RexNode offset;
  private final @Nullable RexNode fetch;

  private ArrowLimit(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      @Nullable RexNode offset,
      @Nullable RexNode fetch) {
    super(cluster, traits, input);
    this.offset = offset;
    this.fetch = fetch;
  }

  /** A limit of an ARROW rel, in whose order it returns rows. */
  public static ArrowLimit create(
      RelNode input, @Nullable RexNode offset, @Nullable RexNode fetch) {
    RelTraitSet traits = input.getTraitSet().replace(ArrowRel.CONVENTION);
    return new ArrowLimit(input.getCluster(), traits, input, offset, fetch);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new ArrowLimit(getCluster(), traits, inputs.getFirst(), offset, fetch);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    return super.explainTerms(writer)
        .itemIf("offset", offset, offset != null)
        .itemIf("fetch", fetch, fetch != null);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    double rows = mq.getRowCount(input);
    double afterOffset =
        offset instanceof RexLiteral literal
            ? Math.max(0, rows - RexLiteral.intValue(literal))
            : rows;
    return fetch instanceof RexLiteral literal
        ? Math.min(afterOffset, RexLiteral.intValue(literal))
        : afterOffset;
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return ArrowRel.cheaper(super.computeSelfCost(planner, mq));
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    RexBuilder rexBuilder = getCluster().getRexBuilder();
    long rowsToSkip = RowLimits.offset(offset, rexBuilder, context);
    long rowsToReturn = RowLimits.fetch(fetch, rexBuilder, context);
    return new LimitReader(ArrowRel.openProfiled(input, context), rowsToSkip, rowsToReturn);
  }
}
