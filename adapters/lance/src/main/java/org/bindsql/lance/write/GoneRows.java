package org.bindsql.lance.write;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.ImportedMemory;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;
import org.roaringbitmap.RoaringBitmap;

/** Rows of one version that are not at their address in another: their row ids and addresses. */
final class GoneRows {
  static final String ROW_ID = "_rowid";
  static final String ROW_ADDRESS = "_rowaddr";
  static final GoneRows NONE = new GoneRows();

  private long[] ids = new long[0];
  private long[] addresses = new long[0];
  private int count;

  private GoneRows() {}

  /** Receives row ids and addresses. */
  private interface Visitor {
    /** Returns whether to go on. */
    boolean row(long id, long address);
  }

  /**
   * The rows of some fragments of a version that went until a later one, which may not have those
   * fragments.
   */
  static GoneRows between(
      Dataset base, Dataset last, List<Integer> fragments, ExecutionContext context)
      throws Exception {
    GoneRows gone = new GoneRows();
    if (fragments.isEmpty()) {
      return gone;
    }
    Map<Integer, RoaringBitmap> live = new HashMap<>();
    List<Integer> left =
        last.getFragments().stream().map(f -> f.getId()).filter(fragments::contains).toList();
    if (!left.isEmpty()) {
      visit(
          last,
          left,
          context,
          (id, address) ->
              live.computeIfAbsent((int) (address >>> Integer.SIZE), f -> new RoaringBitmap())
                  .checkedAdd((int) address));
    }
    visit(
        base,
        fragments,
        context,
        (id, address) -> {
          RoaringBitmap offsets = live.get((int) (address >>> Integer.SIZE));
          if (offsets == null || !offsets.contains((int) address)) {
            gone.add(id, address);
          }
          return true;
        });
    gone.sort();
    return gone;
  }

  private void add(long id, long address) {
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, Math.max(16, count * 2));
      addresses = Arrays.copyOf(addresses, ids.length);
    }
    ids[count] = id;
    addresses[count++] = address;
  }

  private void sort() {
    long[][] pairs = new long[count][];
    for (int i = 0; i < count; i++) {
      pairs[i] = new long[] {ids[i], addresses[i]};
    }
    Arrays.sort(pairs, (a, b) -> Long.compare(a[0], b[0]));
    for (int i = 0; i < count; i++) {
      ids[i] = pairs[i][0];
      addresses[i] = pairs[i][1];
    }
  }

  /** The address of the row of this id, or -1 if it is not among these. */
  long address(long id) {
    int at = Arrays.binarySearch(ids, 0, count, id);
    return at < 0 ? -1 : addresses[at];
  }

  /** Whether a fragment has rows with ids of these. */
  boolean areReplacedIn(Dataset dataset, int fragment, ExecutionContext context) throws Exception {
    if (count == 0) {
      return false;
    }
    boolean[] found = new boolean[1];
    visit(
        dataset,
        List.of(fragment),
        context,
        (id, address) -> {
          found[0] = address(id) >= 0;
          return !found[0];
        });
    return found[0];
  }

  private static void visit(
      Dataset dataset, List<Integer> fragments, ExecutionContext context, Visitor visitor)
      throws Exception {
    ScanOptions options =
        new ScanOptions.Builder()
            .fragmentIds(fragments)
            .columns(List.of(ROW_ADDRESS, ROW_ID))
            .build();
    try (ImportedMemory memory = new ImportedMemory(context.allocator());
        LanceScanner scanner = LanceScanner.create(dataset, options, memory.allocator());
        ArrowReader reader = scanner.scanBatches()) {
      while (memory.loadNextBatch(reader)) {
        context.checkCancelled();
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        UInt8Vector addresses = (UInt8Vector) root.getVector(ROW_ADDRESS);
        UInt8Vector ids = (UInt8Vector) root.getVector(ROW_ID);
        for (int i = 0; i < root.getRowCount(); i++) {
          if (!visitor.row(ids.get(i), addresses.get(i))) {
            return;
          }
        }
      }
    }
  }
}
