package org.bindsql.lance.write;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.lance.Dataset;
import org.lance.FragmentMetadata;
import org.lance.fragment.RowIdMeta;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;
import org.roaringbitmap.RoaringBitmap;

/**
 * Addresses of updated rows in the order in which their new values are written, so that they keep
 * their row ids.
 */
final class UpdatedRows {
  private long[] addresses = new long[16];
  private int count;

  void add(long address) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, count * 2);
    }
    addresses[count++] = address;
  }

  /**
   * Gives the first rows of new fragments the ids of the rows they replace; Lance numbers the rows
   * after them at the commit.
   *
   * @param dataset the version that has the rows replaced
   * @param gone offsets of those rows among others, by fragment
   */
  List<FragmentMetadata> keepIds(
      List<FragmentMetadata> fragments, Dataset dataset, SortedMap<Integer, RoaringBitmap> gone)
      throws Exception {
    long[] ids = ids(dataset, gone);
    List<FragmentMetadata> result = new ArrayList<>();
    int first = 0;
    for (FragmentMetadata fragment : fragments) {
      int end = (int) Math.min(count, first + fragment.getPhysicalRows());
      result.add(end == first ? fragment : withIds(fragment, Arrays.copyOfRange(ids, first, end)));
      first = end;
    }
    return result;
  }

  private static FragmentMetadata withIds(FragmentMetadata fragment, long[] ids) {
    return new FragmentMetadata(
        fragment.getId(),
        fragment.getFiles(),
        fragment.getPhysicalRows(),
        fragment.getDeletionFile(),
        RowIdMeta.fromRowIds(ids));
  }

  /** The row ids of some rows of a fragment, in the order of their offsets. */
  private record Ids(RoaringBitmap offsets, long[] ids) {
    long of(int offset) {
      return ids[offsets.rank(offset) - 1];
    }
  }

  /** The row ids in the order of the addresses. */
  private long[] ids(Dataset dataset, SortedMap<Integer, RoaringBitmap> gone) throws Exception {
    Map<Integer, Ids> byFragment = new HashMap<>();
    for (Map.Entry<Integer, RoaringBitmap> entry : gone.entrySet()) {
      RoaringBitmap offsets = entry.getValue();
      byFragment.put(entry.getKey(), new Ids(offsets, ids(dataset, entry.getKey(), offsets)));
    }
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      int fragment = (int) (addresses[i] >>> Integer.SIZE);
      ids[i] = Objects.requireNonNull(byFragment.get(fragment)).of((int) addresses[i]);
    }
    return ids;
  }

  /** The row ids of some rows of a fragment, in the order of their offsets. */
  private static long[] ids(Dataset dataset, int fragment, RoaringBitmap offsets) throws Exception {
    long[] ids = new long[offsets.getCardinality()];
    ScanOptions options =
        new ScanOptions.Builder()
            .fragmentIds(List.of(fragment))
            .columns(List.of("_rowaddr", "_rowid"))
            .build();
    int found = 0;
    try (LanceScanner scanner = LanceScanner.create(dataset, options, dataset.allocator());
        ArrowReader reader = scanner.scanBatches()) {
      while (found < ids.length && reader.loadNextBatch()) {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        UInt8Vector address = (UInt8Vector) root.getVector("_rowaddr");
        UInt8Vector id = (UInt8Vector) root.getVector("_rowid");
        for (int i = 0; i < root.getRowCount(); i++) {
          if (offsets.contains((int) address.get(i))) {
            ids[found++] = id.get(i);
          }
        }
      }
    }
    if (found < ids.length) {
      throw new IllegalStateException("rows to change are not in fragment " + fragment);
    }
    return ids;
  }
}
