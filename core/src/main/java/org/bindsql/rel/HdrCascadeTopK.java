package org.bindsql.rel;

import java.util.List;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelCollation;
import org.apache.calcite.rel.RelFieldCollation;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.cascade.CascadeRequest.NullRows;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/**
 * The k rows nearest to a query, nearest first, ties by row key.
 *
 * <pre>
 *   SELECT c1, ..., hamming_distance(code, q) AS d FROM t WHERE ...
 *   ORDER BY d LIMIT fetch OFFSET offset
 * </pre>
 */
public final class HdrCascadeTopK extends HdrCascadeRel {
  private final RexNode fetch;
  private final @Nullable RexNode offset;
  private final boolean nullsFirst;
  private final @Nullable DistanceResponse response;

  private HdrCascadeTopK(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelOptTable table,
      CascadeSearch search,
      RexNode fetch,
      @Nullable RexNode offset,
      boolean nullsFirst,
      @Nullable DistanceResponse response) {
    super(cluster, traits, table, search);
    this.fetch = fetch;
    this.offset = offset;
    this.nullsFirst = nullsFirst;
    this.response = response;
  }

  /**
   * Creates a top-k search.
   *
   * @param table unwraps to {@link org.bindsql.table.FingerprintTable}
   * @param fetch LIMIT, a literal or a parameter
   * @param offset OFFSET, a literal or a parameter, or null
   * @param collation the answer's order: nearest first, then perhaps the row key's column
   */
  public static HdrCascadeTopK create(
      RelOptCluster cluster,
      RelOptTable table,
      CascadeSearch search,
      RexNode fetch,
      @Nullable RexNode offset,
      RelCollation collation) {
    RelFieldCollation distance = collation.getFieldCollations().getFirst();
    RelFieldCollation.NullDirection nulls =
        distance.nullDirection == RelFieldCollation.NullDirection.UNSPECIFIED
            ? distance.direction.defaultNullDirection()
            : distance.nullDirection;
    RelTraitSet traits = cluster.traitSetOf(ArrowRel.CONVENTION).replace(collation);
    return new HdrCascadeTopK(
        cluster,
        traits,
        table,
        search,
        fetch,
        offset,
        nulls == RelFieldCollation.NullDirection.FIRST,
        null);
  }

  /**
   * Creates a search for the rows with the greatest response.
   *
   * @param nullsFirst whether rows with a NULL distance come first
   */
  public static HdrCascadeTopK ofResponse(
      RelOptCluster cluster,
      RelOptTable table,
      CascadeSearch search,
      RexNode fetch,
      @Nullable RexNode offset,
      boolean nullsFirst,
      DistanceResponse response) {
    RelTraitSet traits = cluster.traitSetOf(ArrowRel.CONVENTION);
    return new HdrCascadeTopK(cluster, traits, table, search, fetch, offset, nullsFirst, response);
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new HdrCascadeTopK(
        getCluster(), traits, getTable(), search(), fetch, offset, nullsFirst, response);
  }

  @Override
  long rowsWanted(ExecutionContext context) {
    long rows = QueryValues.rowCount("LIMIT", fetch, constants(), context);
    long wanted = rows + rowsSkipped(context);
    return rows == 0 ? 0 : wanted < 0 ? Long.MAX_VALUE : wanted; // the sum may overflow
  }

  @Override
  long rowsEstimated() {
    double wanted = guess(fetch) + (offset == null ? 0 : guess(offset));
    return (long) Math.min(wanted, CascadeRequest.ALL_ROWS - 1);
  }

  /** Value of LIMIT or OFFSET, or a guess of one that is a parameter. */
  private static double guess(RexNode rows) {
    return rows instanceof RexLiteral ? RexLiteral.numberValue(rows).doubleValue() : 100;
  }

  @Override
  long rowsSkipped(ExecutionContext context) {
    return offset == null ? 0 : QueryValues.rowCount("OFFSET", offset, constants(), context);
  }

  @Override
  NullRows nullRows() {
    if (!search().radii().isEmpty()) {
      return NullRows.EXCLUDED; // a bound on a NULL distance is not TRUE
    }
    return nullsFirst ? NullRows.FIRST : NullRows.LAST;
  }

  @Override
  @Nullable DistanceResponse response() {
    return response;
  }

  @Override
  boolean isByRowKey() {
    return false;
  }

  @Override
  RelWriter explainLimit(RelWriter writer) {
    boolean nullsAtUsualEnd =
        nullsFirst == (search().kind() == DistanceKind.SIMILARITY || response != null);
    return writer
        .item("k", k())
        .itemIf("offset", offset, offset != null)
        .itemIf("response", response, response != null)
        .itemIf("radius", search().radii(), !search().radii().isEmpty())
        .itemIf("nulls", nullsFirst ? "FIRST" : "LAST", !nullsAtUsualEnd);
  }

  /** LIMIT + OFFSET. */
  private String k() {
    if (offset == null) {
      return fetch.toString();
    }
    return fetch instanceof RexLiteral rows && offset instanceof RexLiteral skipped
        ? Long.toString(
            RexLiteral.numberValue(rows).longValue() + RexLiteral.numberValue(skipped).longValue())
        : fetch + " + " + offset;
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    double limit = guess(fetch);
    // With a radius no more than a range search would find, so that this beats a sort of its rows.
    double near = search().radii().isEmpty() ? 1 : RADIUS_SELECTIVITY;
    return Math.min(candidates() * near, limit);
  }
}
