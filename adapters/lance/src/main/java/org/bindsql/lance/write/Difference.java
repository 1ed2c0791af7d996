package org.bindsql.lance.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.arrow.vector.BigIntVector;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.table.ChangeTable;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;

/**
 * What a transaction changed: the difference between the version it began with and its last image.
 *
 * <p>Fragments that it added are taken as they are, unless some of their rows went again (a
 * deletion file has its fragment's number in its name) or replace rows of the first version whose
 * row ids they keep among others; those are written anew.
 */
final class Difference {
  private final String table;
  private final Snapshot snapshot;
  private final Dataset base;
  private final Dataset last;
  private final ExecutionContext context;
  private final List<FragmentMetadata> added = new ArrayList<>();
  private final List<Integer> touched = new ArrayList<>();

  Difference(
      String table, Snapshot snapshot, Dataset base, Dataset last, ExecutionContext context) {
    this.table = table;
    this.snapshot = snapshot;
    this.base = base;
    this.last = last;
    this.context = context;
  }

  /** Adds the difference to a commit on top of the first version; may write files. */
  void addTo(Commit commit, DataFiles files) throws Exception {
    Map<Integer, FragmentMetadata> before = new TreeMap<>();
    for (Fragment fragment : base.getFragments()) {
      before.put(fragment.getId(), fragment.metadata());
    }
    for (Fragment fragment : last.getFragments()) {
      FragmentMetadata now = fragment.metadata();
      FragmentMetadata then = before.remove(now.getId());
      if (then == null) {
        added.add(now);
      } else if (!Objects.equals(then.getDeletionFile(), now.getDeletionFile())) {
        touched.add(now.getId());
        commit.replace(now.getId(), now);
      }
    }
    for (int fragment : before.keySet()) {
      touched.add(fragment);
      commit.replace(fragment, null);
    }
    GoneRows gone =
        base.hasStableRowIds() ? GoneRows.between(base, last, touched, context) : GoneRows.NONE;
    List<Integer> rewritten = new ArrayList<>();
    for (FragmentMetadata fragment : added) {
      if (fragment.getNumDeletions() > 0 || gone.areReplacedIn(last, fragment.getId(), context)) {
        rewritten.add(fragment.getId());
      } else {
        commit.add(List.of(anew(fragment)));
      }
    }
    if (!rewritten.isEmpty()) {
      commit.add(rewrite(rewritten, gone, files));
    }
  }

  /** A fragment that no version has, of the same files. */
  private static FragmentMetadata anew(FragmentMetadata fragment) {
    return new FragmentMetadata(0, fragment.getFiles(), fragment.getPhysicalRows(), null, null);
  }

  /** Writes the live rows of some fragments of the last image as changes of the first version. */
  private List<FragmentMetadata> rewrite(List<Integer> fragments, GoneRows gone, DataFiles files)
      throws Exception {
    int columns = snapshot.schema().getFields().size();
    Projection projection =
        new Projection(
            snapshot.with(List.of(GoneRows.ROW_ID)), IntStream.rangeClosed(0, columns).toArray());
    LanceScan.Request request = new LanceScan.Request(null, -1, 0, fragments, false);
    try (LanceScan scan =
            LanceScan.open(
                "transaction on table " + table, () -> {}, last, projection, request, context);
        ChangedRows rows =
            new ChangedRows(table, new Replacements(scan, gone), base.hasStableRowIds(), context)) {
      List<FragmentMetadata> written = files.write(rows, null);
      UpdatedRows updated = rows.updated();
      return updated == null ? written : updated.keepIds(written, base, rows.gone());
    }
  }

  /** Rows with their row id as changes: an update of the row that had the id, or an insert. */
  private final class Replacements implements BatchReader {
    private final BatchReader rows;
    private final GoneRows gone;
    private @Nullable BigIntVector actions;
    private @Nullable BigIntVector addresses;

    Replacements(BatchReader rows, GoneRows gone) {
      this.rows = rows;
      this.gone = gone;
    }

    @Override
    public @Nullable Batch next() {
      close();
      Batch batch = rows.next();
      if (batch == null) {
        return null;
      }
      BigIntVector ids = (BigIntVector) batch.columns().getLast();
      BigIntVector action = new BigIntVector(ChangeTable.ACTION, context.allocator());
      actions = action;
      BigIntVector address = new BigIntVector(ChangeTable.ROW_ADDRESS, context.allocator());
      addresses = address;
      action.allocateNew(batch.rowCount());
      address.allocateNew(batch.rowCount());
      for (int i = 0; i < batch.rowCount(); i++) {
        long replaced = gone.address(ids.get(i));
        action.set(i, replaced < 0 ? ChangeTable.INSERT : ChangeTable.UPDATE);
        if (replaced >= 0) {
          address.set(i, replaced);
        }
      }
      action.setValueCount(batch.rowCount());
      address.setValueCount(batch.rowCount());
      List<org.apache.arrow.vector.FieldVector> columns = new ArrayList<>();
      columns.add(action);
      columns.add(address);
      columns.addAll(batch.columns().subList(0, batch.columns().size() - 1));
      return Batch.of(columns, batch.rowCount());
    }

    @Override
    public void close() {
      if (actions != null) {
        actions.close();
        actions = null;
      }
      if (addresses != null) {
        addresses.close();
        addresses = null;
      }
    }
  }
}
