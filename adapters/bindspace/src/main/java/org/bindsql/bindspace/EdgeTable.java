package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
import org.bindsql.table.BatchTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.table.WritableTable;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * The edges as a table, ascending by source, verb and target, which are its key.
 *
 * <p>INSERT links: where there is an edge with the same key, its weight is set. DELETE unlinks.
 */
final class EdgeTable extends AbstractTable implements BatchTable, WritableTable {
  private static final Schema SCHEMA =
      new Schema(EdgeColumn.ALL.stream().map(EdgeColumn::field).toList());
  private static final ColumnDefaults DEFAULTS =
      new ColumnDefaults(
          EdgeColumn.ALL.stream()
              .map(column ->
                  new ColumnDefaults.Default(
                      column.isDerived(), column == EdgeColumn.WEIGHT ? 1 : null))
              .toList());
  private static final ImmutableBitSet KEY =
      ImmutableBitSet.of(EdgeWrites.IDENTITY.stream().map(EdgeColumn::ordinal).toList());

  private final BindSpace space;

  EdgeTable(BindSpace space) {
    this.space = space;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    return ArrowTypes.toRowType(typeFactory, SCHEMA);
  }

  @Override
  public Statistic getStatistic() {
    return Statistics.of(estimateRowCount(), List.of(KEY));
  }

  @Override
  public <C> @Nullable C unwrap(Class<C> aClass) {
    return aClass.isInstance(DEFAULTS) ? aClass.cast(DEFAULTS) : super.unwrap(aClass);
  }

  @Override
  public Schema arrowSchema() {
    return SCHEMA;
  }

  @Override
  public double estimateRowCount() {
    try (Snapshot snapshot = space.snapshot()) {
      return snapshot.edgeCount();
    }
  }

  @Override
  public PushDown pushDown(List<RexNode> conjuncts, RexBuilder rexBuilder) {
    List<RexNode> accepted = new ArrayList<>();
    List<RexNode> remainder = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      (EdgeFilter.accepts(conjunct) ? accepted : remainder).add(conjunct);
    }
    return new PushDown(accepted, remainder);
  }

  @Override
  public boolean canLimit() {
    return true;
  }

  @Override
  public boolean canCount(List<RexNode> filter) {
    return true;
  }

  @Override
  public long count(ScanRequest request, ExecutionContext context) {
    try (Snapshot snapshot = space.snapshot(context)) {
      if (request.filter().isEmpty()) {
        return snapshot.edgeCount();
      }
      EdgeCursor edges =
          new EdgeCursor(snapshot, EdgeFilter.evaluate(request.filter(), snapshot, context));
      long count = 0;
      while (edges.next()) {
        count++;
      }
      return count;
    }
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    Snapshot snapshot = space.snapshot(context);
    try {
      return new EdgeReader(
          snapshot,
          EdgeFilter.evaluate(request.filter(), snapshot, context),
          columns(request.columns()),
          request.limit(),
          context);
    } catch (Throwable e) {
      snapshot.close();
      throw e;
    }
  }

  @Override
  public int[] identityColumns() {
    return EdgeWrites.IDENTITY.stream().mapToInt(EdgeColumn::ordinal).toArray();
  }

  @Override
  public long insert(Enumerable<@Nullable Object[]> rows, ExecutionContext context) {
    return space.write(writer -> new EdgeWrites(writer).insert(rows), context);
  }

  @Override
  public long update(int[] updated, Enumerable<@Nullable Object[]> rows, ExecutionContext context) {
    List<EdgeColumn> assigned = columns(updated);
    for (EdgeColumn column : assigned) {
      if (column.isDerived()) {
        throw new BindSqlException(
            ErrorCode.NOT_ALLOWED,
            "UPDATE: column "
                + column.field().getName()
                + " cannot be set: it is the label of a node");
      }
    }
    return space.write(writer -> new EdgeWrites(writer).update(assigned, rows), context);
  }

  @Override
  public long delete(Enumerable<@Nullable Object[]> rows, ExecutionContext context) {
    return space.write(writer -> new EdgeWrites(writer).delete(rows), context);
  }

  private static List<EdgeColumn> columns(int[] positions) {
    return Arrays.stream(positions).mapToObj(EdgeColumn.ALL::get).toList();
  }
}
