package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Sort;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.TopKReader;
import org.bindsql.expr.RowOrder;
import org.bindsql.expr.ValueKind;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** ORDER BY with FETCH (LIMIT): a heap of offset + fetch rows in place of a sort. */
public final class ArrowTopK extends Sort implements ArrowRel {
  private ArrowTopK(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelNode input,
      RelCollation collation,
      @Nullable RexNode offset,
      @Nullable RexNode fetch) {
    super(cluster, traits, input, collation, offset, fetch);
  }

  /** A top-k of an ARROW rel, whose sort keys must be {@link #isSupported}. */
  public static ArrowTopK create(
      RelNode input, RelCollation collation, @Nullable RexNode offset, RexNode fetch) {
    RelOptCluster cluster = input.getCluster();
    RelTraitSet traits = cluster.traitSetOf(ArrowRel.CONVENTION).replace(collation);
    return new ArrowTopK(cluster, traits, input, collation, offset, fetch);
  }

  /** Whether batches of the given row type can be sorted so. */
  public static boolean isSupported(RelCollation collation, RelDataType rowType) {
    return keys(collation, rowType) != null;
  }

  private static @Nullable List<RowOrder.Key> keys(RelCollation collation, RelDataType rowType) {
    List<RowOrder.Key> keys = new ArrayList<>();
    for (RelFieldCollation key : collation.getFieldCollations()) {
      int column = key.getFieldIndex();
      ValueKind kind = SqlKinds.of(rowType.getFieldList().get(column).getType());
      if (kind == null) {
        return null;
      }
      // As Enumerable: NULLs come last unless FIRST is asked for.
      boolean nullsFirst = key.nullDirection == RelFieldCollation.NullDirection.FIRST;
      keys.add(new RowOrder.Key(column, kind, key.getDirection().isDescending(), nullsFirst));
    }
    return keys;
  }

  @Override
  public ArrowTopK copy(
      RelTraitSet traits,
      RelNode input,
      RelCollation newCollation,
      @Nullable RexNode newOffset,
      @Nullable RexNode newFetch) {
    return new ArrowTopK(getCluster(), traits, input, newCollation, newOffset, newFetch);
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return ArrowRel.cheaper(super.computeSelfCost(planner, mq));
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    RexBuilder rexBuilder = getCluster().getRexBuilder();
    List<RowOrder.Key> keys = keys(collation, input.getRowType());
    if (keys == null) {
      throw new IllegalStateException("sort keys without order: " + this);
    }
    long rowsToSkip = RowLimits.offset(offset, rexBuilder, context);
    long rowsToReturn = RowLimits.fetch(fetch, rexBuilder, context);
    return new TopKReader(
        ArrowRel.openProfiled(input, context), keys, rowsToSkip, rowsToReturn, context);
  }
}
