package org.bindsql.lance;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
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
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.filter.IndexUse;
import org.bindsql.lance.filter.LanceFilter;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.lance.jni.PlanningThread;
import org.bindsql.lance.resident.LanceCodes;
import org.bindsql.lance.resident.ResidentColumns;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.table.CodeReader;
import org.bindsql.table.FingerprintTable;
import org.bindsql.table.PushDown;
import org.bindsql.table.ScanRequest;
import org.bindsql.type.ArrowTypes;
import org.bindsql.type.ValueWidth;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.fragment.DataFile;

/**
 * A Lance dataset as a table that is read.
 *
 * <p>Nothing is opened before the columns are asked for. Every statement reads one version: see
 * {@link #version}.
 */
abstract sealed class DatasetTable extends AbstractTable implements FingerprintTable
    permits LanceTable, VersionTable {
  final String name;
  final LanceSession session;
  private final List<String> lanceColumns;
  private volatile @Nullable Snapshot loaded;
  private volatile double variableBytes = -1; // negative until it is asked for

  /**
   * Creates a table.
   *
   * @param name what messages call it
   * @param lanceColumns names of {@link Snapshot#LANCE_COLUMNS} that its rows have, too
   */
  DatasetTable(String name, LanceSession session, List<String> lanceColumns) {
    this.name = name;
    this.session = session;
    this.lanceColumns = lanceColumns;
  }

  /** Names of Lance's own columns that the table has after those of the dataset. */
  List<String> lanceColumns() {
    return lanceColumns;
  }

  /** The version that a statement would read now; its columns are the table's. */
  abstract DatasetVersion current();

  /** The version that the statement reads, the same whenever it asks. */
  abstract DatasetVersion version(ExecutionContext context);

  /**
   * Whether what was learnt of the dataset describes its version of the given manifest, or nothing
   * was learnt yet.
   */
  boolean isAt(Manifest manifest) {
    Snapshot snapshot = loaded;
    return snapshot == null || snapshot.manifest().equals(manifest);
  }

  /** Whether anything was learnt of the dataset. */
  boolean isLoaded() {
    return loaded != null;
  }

  /** Tells what is known of the dataset already. */
  void learn(Snapshot snapshot) {
    loaded = snapshot;
  }

  /** The columns of the version that a statement would read now. */
  public Snapshot snapshot() {
    Snapshot snapshot = loaded;
    if (snapshot == null) {
      try (LanceSession.Lease lease = session.acquire(this::current)) {
        snapshot = Snapshot.of(lease.version().manifest(), lease.dataset()).with(lanceColumns);
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

  /** Of a type without fixed width, what the data files have beyond those with one. */
  @Override
  public double valueBytes(int column) {
    Snapshot snapshot = snapshot();
    Field field = snapshot.schema().getFields().get(column);
    return ValueWidth.isFixed(field) || snapshot.rows() == 0
        ? ValueWidth.of(field)
        : variableBytes(snapshot);
  }

  /** Bytes per value of the columns without fixed width, as if they were all alike. */
  private double variableBytes(Snapshot snapshot) {
    double known = variableBytes;
    if (known >= 0) {
      return known;
    }
    double bytes = 0;
    try (LanceSession.Lease lease = session.acquire(this::current)) {
      for (Fragment fragment : lease.dataset().getFragments()) {
        for (DataFile file : fragment.metadata().getFiles()) {
          Long size = file.getFileSizeBytes();
          bytes += size == null ? 0 : size;
        }
      }
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw LanceErrors.translate("table " + name, e);
    }
    List<Field> stored = snapshot.stored().getFields();
    List<Field> variable = stored.stream().filter(f -> !ValueWidth.isFixed(f)).toList();
    double perRow = bytes / snapshot.rows();
    double fixed = stored.stream().filter(ValueWidth::isFixed).mapToDouble(ValueWidth::of).sum();
    double guessed = variable.stream().mapToDouble(ValueWidth::of).average().orElse(0);
    known = Math.max(guessed, (perRow - fixed) / Math.max(1, variable.size()));
    variableBytes = known;
    return known;
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
        lease,
        projection,
        LanceScan.Request.of(filter, request.limit()),
        context);
  }

  private @Nullable String filter(List<RexNode> conjuncts, ExecutionContext context) {
    return LanceFilter.print(snapshot(), conjuncts, context::parameter);
  }

  @Override
  public PushDown pushDown(List<RexNode> conjuncts, RexBuilder rexBuilder) {
    Snapshot snapshot = snapshot();
    return snapshot.canFilter()
        ? LanceFilter.split(snapshot, conjuncts)
        : new PushDown(List.of(), conjuncts);
  }

  @Override
  public List<String> indexes(List<RexNode> filter) {
    String text = LanceFilter.sample(snapshot(), filter);
    if (text == null) {
      return List.of();
    }
    try (LanceSession.Lease lease = session.acquire(this::current)) {
      return IndexUse.of(lease.dataset(), text);
    }
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
      long rows;
      try {
        rows =
            filter == null
                ? countAll(dataset, doing)
                : PlanningThread.call(doing, () -> dataset.countRows(filter));
      } catch (BindSqlException e) {
        throw lease.failure(doing, e);
      }
      return request.limit() < 0 ? rows : Math.min(rows, request.limit());
    }
  }

  /** Needs no plan: Lance adds up what the manifest says of the fragments. */
  private static long countAll(Dataset dataset, String doing) {
    try {
      return dataset.countRows();
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw LanceErrors.translate(doing, e);
    }
  }

  @Override
  public boolean isSearchable(int column) {
    // The winners' rows are taken by position, which yields none of Lance's own columns.
    return lanceColumns.isEmpty() && snapshot().width(column) > 0;
  }

  @Override
  public CodeReader openCodes(
      int codeColumn, int[] columns, List<RexNode> filter, ExecutionContext context) {
    String where = filter(filter, context);
    return new LanceCodes(
        "search of table " + name,
        open(context),
        snapshot(),
        codeColumn,
        columns,
        where,
        ResidentColumns.of(session),
        context);
  }

  /** The version that the statement reads, opened. */
  LanceSession.Lease open(ExecutionContext context) {
    DatasetVersion version = version(context);
    StatementScope scope = context.scope();
    if (scope != null) {
      // Held to the statement's end, so that nobody removes the version between two scans.
      scope.share(version, () -> session.acquire(version));
    }
    Snapshot planned = snapshot();
    LanceSession.Lease lease = session.acquire(version);
    if (!version.manifest().equals(planned.manifest())
        && !lease.dataset().getSchema().equals(planned.stored())) {
      lease.close();
      throw otherColumns();
    }
    return lease;
  }

  /**
   * The failure of a statement that reads a version whose columns are not those it was made for.
   */
  BindSqlException otherColumns() {
    return new BindSqlException(
        ErrorCode.SERIALIZATION_FAILURE,
        "columns of table " + name + " changed after the statement was prepared: prepare it again");
  }
}
