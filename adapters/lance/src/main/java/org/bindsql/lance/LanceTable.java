package org.bindsql.lance;

import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.Statistic;
import org.apache.calcite.schema.Statistics;
import org.apache.calcite.schema.impl.AbstractTable;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
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
public final class LanceTable extends AbstractTable implements FingerprintTable {
  private final String name;
  private final Location location;
  private final LanceSession session;
  private volatile @Nullable Snapshot loaded;

  LanceTable(String name, Location location, LanceSession session) {
    this.name = name;
    this.location = location;
    this.session = session;
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
        snapshot = Snapshot.of(manifest, lease.dataset());
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
