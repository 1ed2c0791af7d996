package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCluster;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.plan.RelOptTable;
import org.apache.calcite.plan.RelTraitSet;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelWriter;
import org.apache.calcite.rel.core.TableScan;
import org.apache.calcite.rel.metadata.RelMdUtil;
import org.apache.calcite.rel.metadata.RelMetadataQuery;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlExplainLevel;
import org.apache.calcite.util.ImmutableIntList;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.BatchTable;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Scan of a {@link BatchTable} with the columns, filter and limit that were pushed into it.
 *
 * <p>The row type holds {@link #columns()} in that order; {@link #filter()} refers to the columns
 * of the table, wanted or not.
 */
public final class ArrowTableScan extends TableScan implements ArrowRel {
  private final BatchTable batchTable;
  private final ImmutableIntList columns;
  private final List<RexNode> filter;
  private final long limit;
  private final @Nullable JoinKeys keys;

  private ArrowTableScan(
      RelOptCluster cluster,
      RelTraitSet traits,
      RelOptTable table,
      ImmutableIntList columns,
      List<RexNode> filter,
      long limit,
      @Nullable JoinKeys keys) {
    super(cluster, traits, List.of(), table);
    this.batchTable = table.unwrapOrThrow(BatchTable.class);
    this.columns = columns;
    this.filter = List.copyOf(filter);
    this.limit = limit;
    this.keys = keys;
  }

  /** A scan of all columns and rows of a table that unwraps to a {@link BatchTable}. */
  public static ArrowTableScan create(RelOptCluster cluster, RelOptTable table) {
    ImmutableIntList all = ImmutableIntList.identity(table.getRowType().getFieldCount());
    return create(cluster, table, all, List.of(), -1);
  }

  /**
   * A scan with pushed columns, filter and limit.
   *
   * @param columns positions of the wanted columns in the table's row type, without repetition
   * @param filter conjuncts that {@link BatchTable#pushDown} accepted
   * @param limit greatest number of rows wanted, or -1; needs {@link BatchTable#canLimit}
   */
  public static ArrowTableScan create(
      RelOptCluster cluster,
      RelOptTable table,
      ImmutableIntList columns,
      List<RexNode> filter,
      long limit) {
    RelTraitSet traits = cluster.traitSetOf(ArrowRel.CONVENTION);
    return new ArrowTableScan(cluster, traits, table, columns, filter, limit, null);
  }

  /**
   * A scan that has no convention yet, into which rules push; converted by {@link #toArrow}. The
   * planner never runs it.
   */
  public static ArrowTableScan createLogical(RelOptCluster cluster, RelOptTable table) {
    ImmutableIntList all = ImmutableIntList.identity(table.getRowType().getFieldCount());
    RelTraitSet traits = cluster.traitSetOf(Convention.NONE);
    return new ArrowTableScan(cluster, traits, table, all, List.of(), -1, null);
  }

  /** The same scan in the ARROW convention. */
  public ArrowTableScan toArrow() {
    return create(getCluster(), getTable(), columns, filter, limit);
  }

  private ArrowTableScan with(ImmutableIntList newColumns, List<RexNode> newFilter, long newLimit) {
    return new ArrowTableScan(
        getCluster(), getTraitSet(), getTable(), newColumns, newFilter, newLimit, keys);
  }

  /** The table that is read. */
  public BatchTable batchTable() {
    return batchTable;
  }

  /** Positions of the output columns in the table's row type. */
  public ImmutableIntList columns() {
    return columns;
  }

  /** Conjuncts over the table's columns that the table applies. */
  public List<RexNode> filter() {
    return filter;
  }

  /** Greatest number of rows, or -1. */
  public long limit() {
    return limit;
  }

  /** What the table is asked for. */
  public ScanRequest request() {
    return new ScanRequest(columns.toIntArray(), filter, limit);
  }

  /** The same scan with other output columns, given as positions in the table's row type. */
  public ArrowTableScan withColumns(ImmutableIntList newColumns) {
    return with(newColumns, filter, limit);
  }

  /** The same scan with another filter. */
  public ArrowTableScan withFilter(List<RexNode> newFilter) {
    return with(columns, newFilter, limit);
  }

  /** The same scan with another limit. */
  public ArrowTableScan withLimit(long newLimit) {
    return with(columns, filter, newLimit);
  }

  /**
   * The same scan, which leaves out rows that match no key of a join's other input; null if the
   * table cannot do that, or a limit comes first.
   */
  public @Nullable ArrowTableScan withKeys(JoinKeys newKeys) {
    RexBuilder rex = getCluster().getRexBuilder();
    List<RexNode> sample = both(newKeys.sample(rex, getTable().getRowType()));
    return limit < 0 && batchTable.pushDown(sample, rex).remainder().isEmpty()
        ? new ArrowTableScan(
            getCluster(), getTraitSet(), getTable(), columns, filter, limit, newKeys)
        : null;
  }

  /** The filter and further conjuncts. */
  private List<RexNode> both(List<RexNode> more) {
    List<RexNode> both = new ArrayList<>(filter);
    both.addAll(more);
    return both;
  }

  @Override
  public RelDataType deriveRowType() {
    RelDataType tableType = getTable().getRowType();
    RelDataTypeFactory.Builder builder = getCluster().getTypeFactory().builder();
    for (int column : columns) {
      builder.add(tableType.getFieldList().get(column));
    }
    return builder.build();
  }

  @Override
  public RelNode copy(RelTraitSet traits, List<RelNode> inputs) {
    return new ArrowTableScan(getCluster(), traits, getTable(), columns, filter, limit, keys);
  }

  @Override
  public RelWriter explainTerms(RelWriter writer) {
    List<String> tableColumns = getTable().getRowType().getFieldNames();
    List<String> names = columns.stream().map(tableColumns::get).toList();
    super.explainTerms(writer).item("columns", names).itemIf("filter", filter, !filter.isEmpty());
    if (keys != null) {
      writer.item("keys", keys.columns().stream().map(tableColumns::get).toList());
    }
    return explainIndexes(writer).itemIf("limit", limit, limit >= 0);
  }

  /** Shows the indexes that the filter uses; they are no part of what the scan is. */
  RelWriter explainIndexes(RelWriter writer) {
    if (writer.getDetailLevel() == SqlExplainLevel.DIGEST_ATTRIBUTES) {
      return writer;
    }
    List<RexNode> all =
        keys == null
            ? filter
            : both(keys.sample(getCluster().getRexBuilder(), getTable().getRowType()));
    if (all.isEmpty()) {
      return writer;
    }
    List<String> indexes = batchTable.indexes(all);
    return writer.itemIf("index", indexes, !indexes.isEmpty());
  }

  @Override
  public double estimateRowCount(RelMetadataQuery mq) {
    // An empty table may have grown when the plan runs; and were its scans all free, the one with
    // the filter pushed into it would not be chosen.
    double rows = Math.max(1, batchTable.estimateRowCount());
    for (RexNode conjunct : filter) {
      rows *= RelMdUtil.guessSelectivity(conjunct);
    }
    return limit >= 0 ? Math.min(rows, limit) : rows;
  }

  @Override
  public RelOptCost computeSelfCost(RelOptPlanner planner, RelMetadataQuery mq) {
    double rows = estimateRowCount(mq);
    // Values moved; one more so that a scan of no column still costs something. They stand in for
    // rows because Volcano compares nothing else.
    double values = rows * (columns.size() + 1);
    return planner.getCostFactory().makeCost(values, values, 0).multiplyBy(COST_MULTIPLIER);
  }

  @Override
  public BatchReader open(ExecutionContext context) {
    for (int column : columns) {
      ArrowTypes.requireReadable(batchTable.arrowSchema().getFields().get(column));
    }
    if (keys == null) {
      return batchTable.scan(request(), context);
    }
    RexBuilder rex = getCluster().getRexBuilder();
    List<RexNode> few = keys.filter(context, rex, getTable().getRowType());
    if (few == null) {
      return NOTHING;
    }
    List<RexNode> both = both(few);
    return batchTable.pushDown(both, rex).remainder().isEmpty()
        ? batchTable.scan(new ScanRequest(columns.toIntArray(), both, limit), context)
        : batchTable.scan(request(), context);
  }

  /** No rows. */
  private static final BatchReader NOTHING =
      new BatchReader() {
        @Override
        public @Nullable Batch next() {
          return null;
        }

        @Override
        public void close() {}
      };
}
