package org.bindsql.lance;

import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.schema.ExtensibleTable;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.TemporalTable;
import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.Manifest;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.lance.definition.TableDetails;
import org.bindsql.lance.scan.LanceFetch;
import org.bindsql.lance.write.TableChange;
import org.bindsql.table.ChangeForm;
import org.bindsql.table.ChangeTable;
import org.bindsql.vector.BatchReader;

/**
 * A Lance dataset, or a branch of one, as a table.
 *
 * <p>Every statement reads one version, the newest when it first touches the table: see {@link
 * StatementScope}.
 */
public final class LanceTable extends DatasetTable
    implements ChangeTable, ExtensibleTable, TemporalTable {

  private final Location location;

  LanceTable(String name, Location location, LanceSession session) {
    this(name, location, session, List.of());
  }

  private LanceTable(
      String name, Location location, LanceSession session, List<String> lanceColumns) {
    super(name, session, lanceColumns);
    this.location = location;
  }

  /** Where the dataset lies. */
  public Location location() {
    return location;
  }

  /** The table's name, without its schema. */
  public String name() {
    return name;
  }

  /** What keeps the table's open versions. */
  public LanceSession session() {
    return session;
  }

  /** What the newest version says beyond the types of its columns. */
  public TableDetails details() {
    return Head.read(this, "table " + name, TableDetails::of);
  }

  /** Whether what was learnt of the dataset, on disk, still describes its newest version. */
  boolean isCurrent() {
    try {
      Manifest newest = session.find(location);
      return newest == null ? !isLoaded() : isAt(newest);
    } catch (BindSqlException e) {
      return !isLoaded();
    }
  }

  @Override
  DatasetVersion current() {
    return new DatasetVersion(location, session.newest(location));
  }

  @Override
  DatasetVersion version(ExecutionContext context) {
    StatementScope scope = context.scope();
    return scope == null
        ? current()
        : new DatasetVersion(location, scope.share(location, () -> newest(scope)));
  }

  /**
   * Whether the version that the statement of a scope reads has the columns that the table had when
   * the statement was planned.
   */
  public boolean hasPlannedColumns(StatementScope scope) {
    Manifest read = scope.share(location, () -> newest(scope));
    Snapshot planned = snapshot();
    if (read.equals(planned.manifest())) {
      return true;
    }
    DatasetVersion version = new DatasetVersion(location, read);
    LanceSession.Lease lease = scope.share(version, () -> session.acquire(version));
    return lease.dataset().getSchema().equals(planned.stored());
  }

  /** The newest version, from now on held to the scope's end. */
  private Manifest newest(StatementScope scope) {
    LanceSession.Lease newest = session.acquire(this::current);
    if (scope.share(newest.version(), () -> newest) != newest) {
      newest.close();
    }
    return newest.version().manifest();
  }

  /**
   * The table as it was at a time that is known when a statement runs, with the columns that the
   * table has now.
   *
   * @param time an expression of type TIMESTAMP without columns
   */
  public VersionTable asOf(RexNode time, RexBuilder rexBuilder) {
    return VersionTable.asOf(this, time, rexBuilder);
  }

  @Override
  public String getSysStartFieldName() {
    return "";
  }

  @Override
  public String getSysEndFieldName() {
    return "";
  }

  /**
   * The same table with some of Lance's own columns after its own, all BIGINT: {@code _rowaddr},
   * {@code _rowid}, {@code _rowoffset}, {@code _row_created_at_version}, {@code
   * _row_last_updated_at_version}; or its {@link ChangeForm}, if that is asked for.
   *
   * @throws BindSqlException NO_SUCH_COLUMN if there is no such column
   */
  @Override
  public Table extend(List<RelDataTypeField> fields) {
    if (ChangeForm.isAskedFor(fields)) {
      return ChangeForm.of(this, fields);
    }
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
    extended.learn(snapshot().with(names));
    return extended;
  }

  @Override
  public ImmutableBitSet primaryKey() {
    Snapshot snapshot = snapshot();
    ImmutableBitSet.Builder columns = ImmutableBitSet.builder();
    List<Field> stored = snapshot.stored().getFields();
    for (int i = 0; i < stored.size(); i++) {
      if ("true".equals(stored.get(i).getMetadata().get(TableDefinition.PRIMARY_KEY))) {
        columns.set(snapshot.column(i));
      }
    }
    return columns.build();
  }

  @Override
  public int getExtendedColumnOffset() {
    return arrowSchema().getFields().size();
  }

  @Override
  public boolean isPart(int column) {
    return snapshot().isPart(column);
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

  @Override
  public BatchReader fetch(long[] rowOffsets, int[] columns, ExecutionContext context) {
    LanceSession.Lease lease = open(context);
    try {
      return new LanceFetch(
          "fetch from table " + name,
          lease,
          lease,
          new Projection(snapshot(), columns),
          rowOffsets,
          context);
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  private TableChange change(LanceSession.Lease lease, ExecutionContext context) {
    location.checkWritable("change of table " + name);
    return new TableChange(name, location, snapshot(), lease, session, context);
  }
}
