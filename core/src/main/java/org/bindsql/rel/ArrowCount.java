package org.bindsql.rel;

import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** COUNT(*) that the table answers from what it knows, without reading rows. */
public final class ArrowCount extends AbstractRelNode implements ArrowRel {
  private final ArrowTableScan scan;

  private ArrowCount(
      RelOptCluster cluster, RelTraitSet traits, ArrowTableScan scan, RelDataType rowType) {
    super(cluster, traits);
    this.scan = scan;
    this.rowType = rowType;
  }

  /**
   * The number of rows of a scan without limit, whose table must count its filter.
   *
   * @param rowType one column of type BIGINT
   */
  public static ArrowCount create(ArrowTableScan scan, RelDataType rowType) {
    RelOptCluster cluster = scan.getCluster();
    return new ArrowCount(cluster, cluster.traitSetOf(ArrowRel.CONVENTION), scan, rowType);
  }

  @Override
  public RelOptTable getTable() {
    return scan.getTable();
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new ArrowCount(getCluster(), traits, scan, getRowType());
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    super.explainTerms(writer)
        .item("table", scan.getTable().getQualifiedName())
        .itemIf("filter", scan.filter(), !scan.filter().isEmpty());
    return scan.explainIndexes(writer);
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return 1;
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    return planner.getCostFactory().makeCost(1, 1, 0).multiplyBy(COST_MULTIPLIER);
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    return new CountReader(scan, context);
  }

  /** One row: the count. */
  private static final class CountReader implements BatchReader {
    private final ArrowTableScan scan;
    private final ExecutionContext context;
    private @Nullable BigIntVector count;

    CountReader(ArrowTableScan scan, ExecutionContext context) {
      this.scan = scan;
      this.context = context;
    }

    @Override
    public @Nullable Batch next() {
      if (count != null) {
        return null;
      }
      long rows = scan.batchTable().count(scan.request(), context);
      BigIntVector vector = new BigIntVector("count", context.allocator());
      count = vector;
      vector.allocateNew(1);
      vector.set(0, rows);
      vector.setValueCount(1);
      return Batch.of(List.of(vector), 1);
    }

    @Override
    public void close() {
      if (count != null) {
        count.close();
      }
    }
  }
}
