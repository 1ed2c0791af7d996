package org.bindsql.lance;

import org.bindsql.table.BatchTable;

/** Access to what a table knows of its version. */
final class Snapshots {
  private Snapshots() {}

  static Snapshot of(BatchTable table) {
    return ((LanceTable) table).snapshot();
  }
}
