package org.bindsql.rel;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.AbstractRelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlExplainLevel;
import org.bindsql.cascade.CascadeRequest;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.FingerprintTable;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Leaf that searches a fingerprint column of a table.
 *
 * <p>The row type holds {@link CascadeSearch#columns()} in that order and, last, the distance.
 */
public abstract sealed class HdrCascadeRel extends AbstractRelNode implements ArrowRel
    permits HdrCascadeTopK, HdrCascadeRange {
  /** Name of the distance's field in the row type. */
  public static final String DISTANCE_FIELD = "$distance";

  // A search moves no values but the winners', so it must cost less than a scan of the same rows.
  private static final double SHARE_OF_SCAN = 0.5;

  /** Estimated share of the rows within a radius, which is chosen so that few are. */
  static final double RADIUS_SELECTIVITY = 0.01;

  private final RelOptTable table;
  private final CascadeSearch search;
  private final ConstantCode constants;
  private @Nullable Remainder remainder;
  private @Nullable Remainder conjuncts;
  private @Nullable SearchCosts costs;

  HdrCascadeRel(
      RelOptCluster cluster, RelTraitSet traits, RelOptTable table, CascadeSearch search) {
    super(cluster, traits);
    this.table = table;
    this.search = search;
    this.constants = new ConstantCode(cluster.getRexBuilder());
  }

  /** What is searched for. */
  public CascadeSearch search() {
    return search;
  }

  /** The table that is searched. */
  public FingerprintTable fingerprintTable() {
    return table.unwrapOrThrow(FingerprintTable.class);
  }

  /** Values of the constants that the search needs. */
  ConstantCode constants() {
    return constants;
  }

  /** The remaining conjuncts, made ready at the first run; planning makes many rels in vain. */
  synchronized Remainder remainder() {
    if (remainder == null) {
      remainder =
          new Remainder(table.getRowType(), getCluster().getRexBuilder(), search.remainder());
    }
    return remainder;
  }

  /** All conjuncts, those that the table would apply before the others. */
  synchronized Remainder conjuncts() {
    if (conjuncts == null) {
      conjuncts =
          new Remainder(
              table.getRowType(),
              getCluster().getRexBuilder(),
              search.filter(),
              search.remainder());
    }
    return conjuncts;
  }

  /** What the orders of the search cost, estimated once. */
  synchronized SearchCosts costs() {
    if (costs == null) {
      costs = SearchCosts.of(fingerprintTable(), search, remainder());
    }
    return costs;
  }

  @Override
  public RelOptTable getTable() {
    return table;
  }

  /** Number of rows that the search is to find, those skipped included. */
  abstract long rowsWanted(ExecutionContext context);

  /** Estimate of {@link #rowsWanted} before it is known. */
  abstract long rowsEstimated();

  /** Number of rows of the answer that are not returned. */
  abstract long rowsSkipped(ExecutionContext context);

  /** Place of rows with a NULL distance. */
  abstract CascadeRequest.NullRows nullRows();

  /** What the answer is to be ordered by in place of the distance; null for the distance. */
  @Nullable DistanceResponse response() {
    return null;
  }

  /** Whether the answer is in the order of row keys, not of distances. */
  abstract boolean isByRowKey();

  /** Writes what limits the answer: k or a radius. */
  abstract RelWriter explainLimit(RelWriter writer);

  @Override
  public BatchReader open(ExecutionContext context) {
    return new CascadeReader(this, context);
  }

  @Override
  protected RelDataType deriveRowType() {
    List<RelDataTypeField> fields = table.getRowType().getFieldList();
    RelDataTypeFactory.Builder builder = getCluster().getTypeFactory().builder();
    for (int column : search.columns()) {
      builder.add(fields.get(column));
    }
    return builder.add(DISTANCE_FIELD, search.distanceType()).build();
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    List<String> names = table.getRowType().getFieldNames();
    List<String> columns = search.columns().stream().map(names::get).toList();
    RelWriter limited =
        super.explainTerms(writer)
            .item("table", table.getQualifiedName())
            .item("column", names.get(search.column()))
            .item("mask", search.kind().mask());
    explainLimit(limited)
        .item("filter", conjunction(search.filter()))
        .item("remainder", conjunction(search.remainder()));
    if (search.isFiltered() && writer.getDetailLevel() != SqlExplainLevel.DIGEST_ATTRIBUTES) {
      limited.item("order", isDistanceFirst() ? "distance first" : "filter first");
    }
    return limited
        .item("recall", SearchSettings.of(getCluster()).recall())
        .item("distance", search.function())
        .item("query", query(writer.getDetailLevel()))
        .item("columns", columns);
  }

  /** Whether a run would search for the nearest rows first, if the column is in memory. */
  private boolean isDistanceFirst() {
    return switch (SearchSettings.of(getCluster()).order()) {
      case FILTER -> false;
      case DISTANCE -> true;
      case AUTO ->
          costs()
              .distanceFirstPays(
                  fingerprintTable().estimateRowCount(),
                  search.kind().mask().bytes(search.width(fingerprintTable())),
                  rowsEstimated(),
                  SearchSettings.of(getCluster()).recall());
    };
  }

  static String conjunction(List<RexNode> conjuncts) {
    return conjuncts.stream().map(RexNode::toString).collect(Collectors.joining(" AND "));
  }

  /** The query, cut short for readers if it is a long literal; the digest needs all of it. */
  private String query(SqlExplainLevel level) {
    String text = search.query().toString();
    boolean shorten =
        level != SqlExplainLevel.DIGEST_ATTRIBUTES
            && search.query() instanceof RexLiteral
            && text.length() > 40;
    return shorten ? text.substring(0, 18) + "..." : text;
  }

  /** Estimated number of rows that pass the filters, the radius aside. */
  double candidates() {
    double rows = Math.max(1, fingerprintTable().estimateRowCount()); // as in a scan
    for (RexNode conjunct : search.filter()) {
      rows *= RelMdUtil.guessSelectivity(conjunct);
    }
    for (RexNode conjunct : search.remainder()) {
      rows *= RelMdUtil.guessSelectivity(conjunct);
    }
    return rows;
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double rows = Math.max(1, fingerprintTable().estimateRowCount()); // as in a scan
    for (RexNode conjunct : search.filter()) {
      rows *= RelMdUtil.guessSelectivity(conjunct);
    }
    double values = rows + estimateRowCount(mq) * getRowType().getFieldCount();
    return planner
        .getCostFactory()
        .makeCost(rows, values, 0)
        .multiplyBy(COST_MULTIPLIER * SHARE_OF_SCAN);
  }
}
