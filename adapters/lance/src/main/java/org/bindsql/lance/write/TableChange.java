package org.bindsql.lance.write;

import java.util.AbstractList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.DatasetVersion;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.PrimaryKey;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.FragmentMetadata;
import org.roaringbitmap.RoaringBitmap;

/**
 * One statement's change of a table: new data files, deletions of rows, and one commit on top of
 * the version that the statement read.
 */
public final class TableChange {
  private final String table;
  private final Location location;
  private final Snapshot snapshot;
  private final DatasetVersion version;
  private final Dataset dataset;
  private final LanceSession session;
  private final ExecutionContext context;

  /**
   * Creates a change.
   *
   * @param snapshot the columns, which the dataset's version must have
   * @param read the version that the statement reads
   */
  public TableChange(
      String table,
      Location location,
      Snapshot snapshot,
      LanceSession.Lease read,
      LanceSession session,
      ExecutionContext context) {
    this.table = table;
    this.location = location;
    this.snapshot = snapshot;
    this.version = read.version();
    this.dataset = read.dataset();
    this.session = session;
    this.context = context;
    LanceTransaction transaction = LanceTransaction.of(context);
    if (transaction != null) {
      transaction.checkChangeable(table, location);
    }
  }

  /** Adds rows, which stay open; see {@link org.bindsql.table.ChangeTable#append}. */
  public long append(BatchReader rows) {
    DataFiles files = files(true);
    Commit commit = new Commit("insert into table " + table, dataset, location);
    try (DatasetLock.Hold inPlace = holdInPlace();
        KeyCheck keys = keys()) {
      List<FragmentMetadata> added = files.write(rows, keys);
      if (added.isEmpty()) {
        return 0;
      }
      commit.add(added);
      if (keys != null) {
        keys.check(dataset, Collections.emptySortedMap());
        commit.guardKey();
      }
      execute(commit, files);
      return added.stream().mapToLong(FragmentMetadata::getPhysicalRows).sum();
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw commit.failed(e, files);
    }
  }

  /** Changes rows; see {@link org.bindsql.table.ChangeTable#apply}. */
  public long apply(BatchReader changes) {
    DataFiles files = files(false);
    Commit commit = new Commit("change of table " + table, dataset, location);
    try (DatasetLock.Hold inPlace = holdInPlace();
        KeyCheck keys = keys();
        ChangedRows rows = new ChangedRows(table, changes, dataset.hasStableRowIds(), context)) {
      List<FragmentMetadata> added = files.write(rows, keys);
      if (rows.count() == 0) {
        return 0;
      }
      UpdatedRows updated = rows.updated();
      commit.add(updated == null ? added : updated.keepIds(added, dataset, rows.gone()));
      if (keys != null && !added.isEmpty()) {
        keys.check(dataset, rows.gone());
        commit.guardKey();
      }
      delete(rows.gone(), commit);
      execute(commit, files);
      return rows.count();
    } catch (Exception e) { // lance-core throws IOException undeclared
      throw commit.failed(e, files);
    }
  }

  /** Keeps the table from being dropped until it is changed. */
  private DatasetLock.Hold holdInPlace() {
    DatasetLock.Hold hold = DatasetLock.share(location, context::checkCancelled);
    try {
      if (location.isLocal()) { // elsewhere, files of a table that has gone make no new one
        checkExists();
      }
      return hold;
    } catch (RuntimeException | Error e) {
      hold.close();
      throw e;
    }
  }

  /** Another process may have dropped it all the same. */
  private void checkExists() {
    session.checkExists("change of table " + table, version);
  }

  private void execute(Commit commit, DataFiles files) throws Exception {
    checkExists();
    LanceTransaction transaction = LanceTransaction.of(context);
    if (transaction == null) {
      commit.execute(Durable.wanted(context));
    } else {
      transaction.advance(table, location, snapshot, session, commit, files);
    }
  }

  /** The check of an enforced primary key, or null if there is none. */
  private @Nullable KeyCheck keys() {
    PrimaryKey key = snapshot.primaryKey();
    return key == null || !key.enforced() ? null : new KeyCheck(table, snapshot, key, context);
  }

  private DataFiles files(boolean inserting) {
    return new DataFiles(location, dataset, snapshot, inserting, session.allocator());
  }

  private void delete(SortedMap<Integer, RoaringBitmap> gone, Commit commit) {
    for (Map.Entry<Integer, RoaringBitmap> entry : gone.entrySet()) {
      context.checkCancelled();
      int fragment = entry.getKey();
      int[] offsets = entry.getValue().toArray();
      commit.replace(fragment, dataset.getFragment(fragment).deleteRows(new Offsets(offsets)));
    }
  }

  /** Offsets without an object each. */
  private static final class Offsets extends AbstractList<Integer> {
    private final int[] offsets;

    Offsets(int[] offsets) {
      this.offsets = offsets;
    }

    @Override
    public Integer get(int index) {
      return offsets[index];
    }

    @Override
    public int size() {
      return offsets.length;
    }
  }
}
