package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.CodeReader;
import org.bindsql.table.FingerprintTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.table.WritableTable;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** The nodes of a range of prefixes as a table, in address order. */
final class NodeTable extends AbstractTable implements FingerprintTable, WritableTable {
  private final BindSpace space;
  private final List<NodeColumn> columns;
  private final int fromPrefix;
  private final int toPrefix;
  private final boolean namedOnly;
  private final Schema schema;
  private final AddressFilter filter;
  private final ColumnDefaults defaults;

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
    this.defaults = new ColumnDefaults(columns.stream().map(NodeTable::insertDefault).toList());
    this.filter =
        new AddressFilter(column ->
            switch (columns.get(column)) {
              case ADDR -> AddressFilter.Meaning.ADDRESS;
              case ZONE -> AddressFilter.Meaning.ZONE;
              case DN_PATH -> AddressFilter.Meaning.PATH;
              default -> null;
            });
  }

  private static ColumnDefaults.Default insertDefault(NodeColumn column) {
    return switch (column) {
      case ADDR -> new ColumnDefaults.Default(false, NodeWrites.NO_ADDRESS);
      case UPDATED_AT -> new ColumnDefaults.Default(false, NodeWrites.NO_TIME);
      case QIDX, ACCESS_COUNT, CONTEXT_ID, RUNG, SIGMA -> new ColumnDefaults.Default(false, 0);
      case IS_SPINE -> new ColumnDefaults.Default(false, false);
      default -> new ColumnDefaults.Default(column.role() == NodeColumn.Role.DERIVED, null);
    };
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    return ArrowTypes.toRowType(typeFactory, schema);
  }

  @Override
  public Statistic getStatistic() {
    ImmutableBitSet key = ImmutableBitSet.of(rowKeyColumn());
    return Statistics.of(estimateRowCount(), List.of(key));
  }

  @Override
  public Schema arrowSchema() {
    return schema;
  }

  @Override
  public double estimateRowCount() {
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
  public int rowKeyColumn() {
    return columns.indexOf(NodeColumn.ADDR);
  }

  @Override
  public boolean isSearchable(int column) {
    return schema.getFields().get(column).getType() instanceof ArrowType.FixedSizeBinary;
  }

  @Override
  public PushDown pushDown(List<RexNode> conjuncts, RexBuilder rexBuilder) {
    List<RexNode> accepted = new ArrayList<>();
    List<RexNode> remainder = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      (filter.accepts(conjunct) ? accepted : remainder).add(conjunct);
    }
    return new PushDown(accepted, remainder);
  }

  @Override
  public boolean canLimit() {
    return true;
  }

  @Override
  public boolean canCount(List<RexNode> conjuncts) {
    return true;
  }

  @Override
  public long count(ScanRequest request, ExecutionContext context) {
    try (Snapshot snapshot = space.snapshot(context)) {
      return rows(request.filter(), snapshot, context).count(snapshot);
    }
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    Snapshot snapshot = space.snapshot(context);
    try {
      return new NodeReader(
          snapshot,
          rows(request.filter(), snapshot, context),
          columns(columns, request.columns()),
          new NodeVectors(snapshot, context.allocator()),
          request.limit(),
          context);
    } catch (Throwable e) {
      snapshot.close();
      throw e;
    }
  }

  @Override
  public CodeReader openCodes(
      int codeColumn, int[] predicateColumns, List<RexNode> conjuncts, ExecutionContext context) {
    ArrowType type = schema.getFields().get(codeColumn).getType();
    if (!(type instanceof ArrowType.FixedSizeBinary binary)) {
      throw new IllegalArgumentException("not a fingerprint: " + columns.get(codeColumn));
    }
    Snapshot snapshot = space.snapshot(context);
    try {
      return new NodeCodes(
          snapshot,
          rows(conjuncts, snapshot, context),
          columns.get(codeColumn),
          binary.getByteWidth(),
          columns(columns, predicateColumns),
          columns,
          new NodeVectors(snapshot, context.allocator()),
          context);
    } catch (Throwable e) {
      snapshot.close();
      throw e;
    }
  }

  @Override
  public <C> @Nullable C unwrap(Class<C> aClass) {
    return aClass.isInstance(defaults) ? aClass.cast(defaults) : super.unwrap(aClass);
  }

  @Override
  public int[] identityColumns() {
    return new int[] {rowKeyColumn()};
  }

  @Override
  public long insert(Enumerable<@Nullable Object[]> rows, ExecutionContext context) {
    requireWritable("INSERT");
    return space.write(writer -> writes(writer).insert(rows), context);
  }

  @Override
  public long update(int[] updated, Enumerable<@Nullable Object[]> rows, ExecutionContext context) {
    requireWritable("UPDATE");
    List<NodeColumn> assigned = columns(columns, updated);
    for (NodeColumn column : assigned) {
      if (column.role() != NodeColumn.Role.ASSIGNED) {
        throw new BindSqlException(
            ErrorCode.NOT_ALLOWED,
            "UPDATE: column "
                + column.field().getName()
                + " cannot be set: "
                + (column.role() == NodeColumn.Role.KEY
                    ? "it is the key"
                    : "its value follows from other columns"));
      }
    }
    return space.write(writer -> writes(writer).update(assigned, rows), context);
  }

  @Override
  public long delete(Enumerable<@Nullable Object[]> rows, ExecutionContext context) {
    requireWritable("DELETE");
    return space.write(writer -> writes(writer).delete(rows), context);
  }

  private NodeWrites writes(BindWriter writer) {
    return new NodeWrites(
        writer, columns, Addresses.of(fromPrefix, 0), Addresses.of(toPrefix, 0) - 1);
  }

  private void requireWritable(String operation) {
    if (namedOnly) {
      throw new BindSqlException(
          ErrorCode.READ_ONLY,
          operation + ": dn_tree is read only; the table nodes holds the same rows");
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
