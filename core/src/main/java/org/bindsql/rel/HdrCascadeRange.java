package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.exec.ExecutionContext;

/**
 * The rows within a radius of a query, in table order.
 *
 * <pre>
 *   SELECT c1, ..., hamming_distance(code, q) AS d FROM t WHERE hamming_distance(code, q) &lt;= r
 * </pre>
 */
public final class HdrCascadeRange extends HdrCascadeRel {
  private HdrCascadeRange(
      RelOptCluster cluster, RelTraitSet traits, RelOptTable table, CascadeSearch search) {
    super(cluster, traits, table, search);
  }

  /**
   * Creates a range search.
   *
   * @param table unwraps to {@link org.bindsql.table.FingerprintTable}
   * @param search has at least one radius
   */
  public static HdrCascadeRange create(
      RelOptCluster cluster, RelOptTable table, CascadeSearch search) {
    RelTraitSet traits = cluster.traitSetOf(ArrowRel.CONVENTION);
    return new HdrCascadeRange(cluster, traits, table, search);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new HdrCascadeRange(getCluster(), traits, getTable(), search());
  }

  @Override
  long rowsWanted(ExecutionContext context) {
    return CascadeRequest.ALL_ROWS;
  }

  @Override
  long rowsEstimated() {
    return CascadeRequest.ALL_ROWS;
  }

  @Override
  long rowsSkipped(ExecutionContext context) {
    return 0;
  }

  @Override
  NullRows nullRows() {
    return NullRows.EXCLUDED;
  }

  @Override
  boolean isByRowKey() {
    return true;
  }

  @Override
  RelWriter explainLimit(RelWriter writer) {
    return writer.item("radius", search().radii());
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    return candidates() * RADIUS_SELECTIVITY;
  }
}
