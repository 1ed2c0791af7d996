package org.bindsql.lance.upkeep;

import java.util.List;
import java.util.Optional;
import org.bindsql.lance.Head;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.upkeep.Upkeep.Optimization;
import org.bindsql.lance.write.DataFiles;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;

/**
 * From when on a table is optimized without being asked for.
 *
 * <p>Only fragments of about one size are merged, so that a row is not written again whenever a few
 * more come: first those below 4,096 rows, then those below 65,536, and so on.
 *
 * @param fragments small fragments from which on they are merged
 * @param deletedShare share of deleted rows from which on they are written out
 * @param unindexedShare share of rows without index from which on indexes take them in
 */
public record UpkeepThresholds(long fragments, double deletedShare, double unindexedShare) {
  /** Rows below which fragments are merged first. */
  private static final long FIRST_SIZE = 4096;

  /** Factor from one size of fragments to the next. */
  private static final long SIZE_STEP = 16;

  /** The optimization that the newest version of a table is due for, or null. */
  public @Nullable Optimization due(LanceTable table) {
    return Head.read(
            table, "state of table " + table.name(), dataset -> Optional.ofNullable(due(dataset)))
        .orElse(null);
  }

  private @Nullable Optimization due(Dataset dataset) {
    List<FragmentMetadata> all = dataset.getFragments().stream().map(Fragment::metadata).toList();
    long physical = all.stream().mapToLong(FragmentMetadata::getPhysicalRows).sum();
    long live = all.stream().mapToLong(FragmentMetadata::getNumRows).sum();
    long whole = DataFiles.maxRows(dataset.getConfig());
    if (physical - live >= Math.max(1, deletedShare * physical)) {
      // Some fragment has that share at least; Lance wants more than the share given.
      return new Optimization(whole, null, true, deletedShare / 2, null, null, null, true);
    }
    for (long size = FIRST_SIZE; ; size *= SIZE_STEP) {
      long below = Math.min(size, whole);
      if (all.stream().filter(f -> f.getNumRows() < below).count() >= fragments) {
        return new Optimization(below, null, false, null, null, null, null, true);
      }
      if (below == whole) {
        break;
      }
    }
    long unindexed =
        Upkeep.unindexed(dataset).values().stream().mapToLong(rows -> rows).max().orElse(0);
    return unindexed >= Math.max(1, unindexedShare * live)
        ? new Optimization(whole, null, false, null, null, null, 1L, true) // merges nothing
        : null;
  }
}
