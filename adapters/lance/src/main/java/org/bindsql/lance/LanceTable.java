package org.bindsql.lance;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.ExtensibleTable;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.table.ChangeTable;
import org.bindsql.table.CodeReader;
import org.bindsql.table.FingerprintTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;

/**
 * A Lance dataset as a table.
 *
 * <p>Nothing is opened before the columns are asked for. Every statement reads one version, the
 * newest when it first touches the table: see {@link StatementScope}.
 */
public final class LanceTable extends AbstractTable
    implements FingerprintTable, ChangeTable, ExtensibleTable {
  private final String name;
  private final Location location;
  private final LanceSession session;
  private final List<String> lanceColumns;
  private volatile @Nullable Snapshot loaded;

  LanceTable(String name, Location location, LanceSession session) {
    this(name, location, session, List.of());
  }

  /**
   * A dataset whose rows tell what Lance knows of them, too.
   *
   * @param lanceColumns names of {@link Snapshot#LANCE_COLUMNS}
   */
  private LanceTable(
      String name, Location location, LanceSession session, List<String> lanceColumns) {
    this.name = name;
    this.location = location;
    this.session = session;
    this.lanceColumns = lanceColumns;
  }

  /** Where the dataset lies. */
  public Location location() {
    return location;
  }

  /** The table's name, without its schema. */
  public String name() {
    return name;
  }

  /**
   * Whether what was learnt of the dataset describes its version of the given manifest, or nothing
   * was learnt yet.
   */
  boolean isAt(Manifest manifest) {
    Snapshot snapshot = loaded;
    return snapshot == null || snapshot.manifest().equals(manifest);
  }

  /** Whether what was learnt of the dataset, on disk, still describes its newest version. */
  boolean isCurrent() {
    Snapshot snapshot = loaded;
    if (snapshot == null) {
      return true;
    }
    try {
      return snapshot.manifest().equals(Manifest.newest(location.localPath()));
    } catch (IOException e) {
      return false;
    }
  }

  Snapshot snapshot() {
    Snapshot snapshot = loaded;
    if (snapshot == null) {
      Manifest manifest = session.newest(location);
      try (LanceSession.Lease lease = session.acquire(location, manifest)) {
        snapshot = Snapshot.of(manifest, lease.dataset()).with(lanceColumns);
      } catch (Exception e) { // lance-core throws IOException undeclared
        throw LanceErrors.translate("table " + name, e);
      }
      loaded = snapshot;
    }
    return snapshot;
  }

  @Override
  public RelDataType getRowType(RelDataTypeFactory typeFactory) {
    return ArrowTypes.toRowType(typeFactory, arrowSchema());
  }

  @Override
  public Schema arrowSchema() {
    return snapshot().schema();
  }

  @Override
  public double estimateRowCount() {
    return snapshot().rows();
  }

  @Override
  public Statistic getStatistic() {
    return Statistics.of(estimateRowCount(), List.of());
  }

  @Override
  public boolean canLimit() {
    return true;
  }

  @Override
  public BatchReader scan(ScanRequest request, ExecutionContext context) {
    Projection projection = new Projection(snapshot(), request.columns());
    String filter = filter(request.filter(), context);
    LanceSession.Lease lease = open(context);
    return LanceScan.open(
        "scan of table " + name,
        lease,
        lease.dataset(),
        projection,
        LanceScan.Request.of(filter, request.limit()),
        context);
  }

  private @Nullable String filter(List<RexNode> conjuncts, ExecutionContext context) {
    return LanceFilter.print(snapshot(), conjuncts, context::parameter);
  }

  @Override
  public PushDown pushDown(List<RexNode> conjuncts, RexBuilder rexBuilder) {
    return LanceFilter.split(snapshot(), conjuncts);
  }

  @Override
  public boolean canCount(List<RexNode> filter) {
    return true;
  }

  @Override
  public long count(ScanRequest request, ExecutionContext context) {
    String filter = filter(request.filter(), context);
    String doing = "count of table " + name;
    try (LanceSession.Lease lease = open(context)) {
      Dataset dataset = lease.dataset();
      long rows =
          PlanningThread.call(
              doing, () -> filter == null ? dataset.countRows() : dataset.countRows(filter));
      return request.limit() < 0 ? rows : Math.min(rows, request.limit());
    }
  }

  @Override
  public boolean isSearchable(int column) {
    return snapshot().width(column) > 0;
  }

  @Override
  public CodeReader openCodes(
      int codeColumn, int[] columns, List<RexNode> filter, ExecutionContext context) {
    String where = filter(filter, context);
    return new LanceCodes(
        "search of table " + name, open(context), snapshot(), codeColumn, columns, where, context);
  }

  LanceSession session() {
    return session;
  }

  /**
   * The same table with some of Lance's own columns after its own, all BIGINT: {@code _rowaddr},
   * {@code _rowid}, {@code _rowoffset}, {@code _row_created_at_version}, {@code
   * _row_last_updated_at_version}.
   *
   * @throws BindSqlException NO_SUCH_COLUMN if there is no such column
   */
  @Override
  public LanceTable extend(List<RelDataTypeField> fields) {
    List<String> names = fields.stream().map(RelDataTypeField::getName).toList();
    for (String column : names) {
      if (!Snapshot.LANCE_COLUMNS.contains(column)) {
        throw new BindSqlException(
            ErrorCode.NO_SUCH_COLUMN,
            "table %s has no column %s; beside its own it has %s"
                .formatted(name, column, Snapshot.LANCE_COLUMNS));
      }
    }
    LanceTable extended = new LanceTable(name, location, session, names);
    extended.loaded = snapshot().with(names);
    return extended;
  }

  @Override
  public int getExtendedColumnOffset() {
    return arrowSchema().getFields().size();
  }

  @Override
  public long append(BatchReader rows, ExecutionContext context) {
    try (rows;
        LanceSession.Lease lease = open(context)) {
      return change(lease, context).append(rows);
    }
  }

  @Override
  public long apply(BatchReader changes, ExecutionContext context) {
    try (changes;
        LanceSession.Lease lease = open(context)) {
      return change(lease, context).apply(changes);
    }
  }

  private TableChange change(LanceSession.Lease lease, ExecutionContext context) {
    return new TableChange(name, location, snapshot(), lease.dataset(), session, context);
  }

  /** The version that the statement reads, opened. */
  private LanceSession.Lease open(ExecutionContext context) {
    StatementScope scope = context.scope();
    Manifest manifest =
        scope == null
            ? session.newest(location)
            : scope.share(location, () -> session.newest(location));
    Snapshot planned = snapshot();
    LanceSession.Lease lease = session.acquire(location, manifest);
    if (!manifest.equals(planned.manifest())
        && !lease.dataset().getSchema().equals(planned.stored())) {
      lease.close();
      throw new BindSqlException(
          ErrorCode.SERIALIZATION_FAILURE,
          "columns of table "
              + name
              + " changed after the statement was prepared: prepare it again");
    }
    return lease;
  }
}
