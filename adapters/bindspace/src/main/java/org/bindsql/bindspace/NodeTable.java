package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader;
import org.bindsql.table.FingerprintTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;

/** The nodes of a range of prefixes as a table, in address order. */
class NodeTable extends AbstractTable implements FingerprintTable {
  private final BindSpace space;
  private final List<NodeColumn> columns;
  private final int fromPrefix;
  private final int toPrefix;
  private final boolean namedOnly;
  private final Schema schema;
  private final AddressFilter filter;

  /**
   * Creates a table.
   *
   * @param namedOnly whether nodes without a distinguished name are left out
   */
  NodeTable(
      BindSpace space, List<NodeColumn> columns, int fromPrefix, int toPrefix, boolean namedOnly) {
    this.space = space;
    this.columns = columns;
    this.fromPrefix = fromPrefix;
    this.toPrefix = toPrefix;
    this.namedOnly = namedOnly;
    this.schema = new Schema(columns.stream().map(NodeColumn::field).toList());
    this.filter =
        new AddressFilter(column ->
            switch (columns.get(column)) {
              case ADDR -> AddressFilter.Meaning.ADDRESS;
              case ZONE -> AddressFilter.Meaning.ZONE;
              case DN_PATH -> AddressFilter.Meaning.PATH;
              default -> null;
            });
  }

  final BindSpace space() {
    return space;
  }

  final List<NodeColumn> columns() {
    return columns;
  }

  @Override
  public final RelDataType getRowType(RelDataTypeFactory typeFactory) {
    return ArrowTypes.toRowType(typeFactory, schema);
  }

  @Override
  public final Statistic getStatistic() {
    ImmutableBitSet key = ImmutableBitSet.of(rowKeyColumn());
    return Statistics.of(estimateRowCount(), List.of(key));
  }

  @Override
  public final Schema arrowSchema() {
    return schema;
  }

  @Override
  public final double estimateRowCount() {
    try (Snapshot snapshot = space.snapshot()) {
      double rows = 0;
      for (Zone zone : Zone.values()) {
        if (zone.fromPrefix() >= fromPrefix && zone.toPrefix() <= toPrefix) {
          rows += snapshot.size(zone);
        }
      }
      return rows;
    }
  }

  @Override
  public final int rowKeyColumn() {
    return columns.indexOf(NodeColumn.ADDR);
  }

  @Override
  public final boolean isSearchable(int column) {
    return schema.getFields().get(column).getType() instanceof ArrowType.FixedSizeBinary;
  }

  @Override
  public final PushDown pushDown(List<RexNode> conjuncts, RexBuilder rexBuilder) {
    List<RexNode> accepted = new ArrayList<>();
    List<RexNode> remainder = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      (filter.accepts(conjunct) ? accepted : remainder).add(conjunct);
    }
    return new PushDown(accepted, remainder);
  }

  @Override
  public final boolean canLimit() {
    return true;
  }

  @Override
  public final boolean canCount(List<RexNode> conjuncts) {
    return true;
  }

  @Override
  public final long count(ScanRequest request, ExecutionContext context) {
    try (Snapshot snapshot = space.snapshot()) {
      return rows(request.filter(), snapshot, context).count(snapshot);
    }
  }

  @Override
  public final BatchReader scan(ScanRequest request, ExecutionContext context) {
    Snapshot snapshot = space.snapshot();
    try {
      return new NodeReader(
          snapshot,
          rows(request.filter(), snapshot, context),
          columns(columns, request.columns()),
          new NodeVectors(snapshot, context.allocator(), space.allocator()),
          request.limit(),
          context);
    } catch (Throwable e) {
      snapshot.close();
      throw e;
    }
  }

  @Override
  public final CodeReader openCodes(
      int codeColumn, int[] predicateColumns, List<RexNode> conjuncts, ExecutionContext context) {
    ArrowType type = schema.getFields().get(codeColumn).getType();
    if (!(type instanceof ArrowType.FixedSizeBinary binary)) {
      throw new IllegalArgumentException("not a fingerprint: " + columns.get(codeColumn));
    }
    Snapshot snapshot = space.snapshot();
    try {
      return new NodeCodes(
          snapshot,
          rows(conjuncts, snapshot, context),
          columns.get(codeColumn),
          binary.getByteWidth(),
          columns(columns, predicateColumns),
          columns,
          new NodeVectors(snapshot, context.allocator(), space.allocator()),
          context);
    } catch (Throwable e) {
      snapshot.close();
      throw e;
    }
  }

  static List<NodeColumn> columns(List<NodeColumn> all, int[] positions) {
    return Arrays.stream(positions).mapToObj(all::get).toList();
  }

  private NodeRows rows(List<RexNode> conjuncts, BindView view, ExecutionContext context) {
    AddressSet wanted = AddressSet.all();
    for (RexNode conjunct : conjuncts) {
      wanted.retainAll(filter.evaluate(conjunct, view, context));
    }
    return new NodeRows(fromPrefix, toPrefix, wanted, namedOnly);
  }
}
