package org.bindsql.lance;

import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.table.BatchTable;

/** Access to what a table knows of its version. */
public final class Snapshots {
  private Snapshots() {}

  public static Snapshot of(BatchTable table) {
    return ((LanceTable) table).snapshot();
  }
}
