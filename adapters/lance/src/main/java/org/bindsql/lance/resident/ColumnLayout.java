package org.bindsql.lance.resident;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bindsql.cascade.Segment;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.lance.FragmentMetadata;

/**
 * How the rows of a version lie in segments, in the order of the rows.
 *
 * @param width bytes per fingerprint
 * @param pieces the segments that have live rows
 * @param whole the fingerprints of all pieces, then their sketches
 * @param sketches the sketches of all pieces; none if the fingerprints are too short for them
 */
record ColumnLayout(int width, List<Piece> pieces, Parts whole, Parts sketches) {
  /** Parts of segments and their sizes in off-heap memory. */
  record Parts(List<SegmentKey> keys, long[] bytes) {
    static Parts of(int width, List<Piece> pieces, SegmentKey.Part... parts) {
      List<SegmentKey> keys = new ArrayList<>();
      List<Long> bytes = new ArrayList<>();
      for (SegmentKey.Part part : parts) {
        for (Piece piece : pieces) {
          long data = SegmentMemory.dataBytes(part, width, piece.rows());
          if (data > 0) {
            keys.add(piece.key(part));
            bytes.add(data + SegmentMemory.bitmapBytes(piece.rows()));
          }
        }
      }
      return new Parts(List.copyOf(keys), bytes.stream().mapToLong(b -> b).toArray());
    }

    boolean isEmpty() {
      return keys.isEmpty();
    }
  }

  /**
   * One segment.
   *
   * @param codes names the fingerprints
   * @param sketch names their sketch
   * @param values names the same bytes as values of a column that results show
   * @param listed names both in the order of lists
   * @param fragment the fragment it lies in
   * @param pieces segments of the fragment, those without live rows included
   * @param fileRows rows of the fragment, deleted ones included
   * @param rows rows, deleted ones included
   * @param firstLive live rows of the fragment before the segment
   * @param live the rows that are not deleted, or null if none is
   * @param selection the same for a search
   * @param firstKey row key of the first live row
   * @param rowKeys row keys of the live rows at their places, or null if all rows live
   */
  record Piece(
      SegmentKey codes,
      SegmentKey sketch,
      SegmentKey values,
      SegmentKey listed,
      int fragment,
      int pieces,
      long fileRows,
      int rows,
      long firstLive,
      @Nullable BitSet live,
      Selection selection,
      long firstKey,
      long @Nullable [] rowKeys) {
    /** Names a part. */
    SegmentKey key(SegmentKey.Part part) {
      return switch (part) {
        case CODES -> codes;
        case SKETCH -> sketch;
        case VALUES -> values;
        case LISTED -> listed;
      };
    }
  }

  /** Finds the layout; null if the version does not say enough of its files. */
  static @Nullable ColumnLayout of(ColumnSource source) {
    List<FragmentMetadata> fragments = source.fragments();
    List<Integer> fields = source.fields();
    if (fragments == null || !source.isAddressable()) {
      return null;
    }
    List<Piece> pieces = new ArrayList<>();
    long key = 0;
    for (FragmentMetadata fragment : fragments) {
      List<FieldFile> files = ColumnSource.files(fragment, fields);
      if (files == null
          || fragment.getPhysicalRows() <= 0
          || fragment.getPhysicalRows() > Integer.MAX_VALUE) {
        return null;
      }
      BitSet live = fragment.getDeletionFile() == null ? null : source.liveRows(fragment.getId());
      if (live != null && live.cardinality() != fragment.getNumRows()) {
        return null;
      }
      add(pieces, source, fragment, files, live, key);
      key += fragment.getNumRows();
    }
    return of(source.width(), List.copyOf(pieces));
  }

  private static ColumnLayout of(int width, List<Piece> pieces) {
    return new ColumnLayout(
        width,
        pieces,
        Parts.of(width, pieces, SegmentKey.Part.CODES, SegmentKey.Part.SKETCH),
        Parts.of(width, pieces, SegmentKey.Part.SKETCH));
  }

  /**
   * The same as {@link #whole}, some segments in the order of lists.
   *
   * @param listed keys of those, which the cache holds: no bytes are wanted for them
   */
  Parts whole(Set<SegmentKey> listed) {
    if (listed.isEmpty()) {
      return whole;
    }
    List<Piece> plain = pieces.stream().filter(p -> !listed.contains(p.listed())).toList();
    Parts parts = Parts.of(width, plain, SegmentKey.Part.CODES, SegmentKey.Part.SKETCH);
    List<SegmentKey> keys = new ArrayList<>(parts.keys());
    pieces.stream().map(Piece::listed).filter(listed::contains).forEach(keys::add);
    return new Parts(List.copyOf(keys), Arrays.copyOf(parts.bytes(), keys.size()));
  }

  /** The pieces of each data file as a layout of their own. */
  List<ColumnLayout> byFile() {
    Map<List<FieldFile>, List<Piece>> files = new LinkedHashMap<>();
    for (Piece piece : pieces) {
      files.computeIfAbsent(piece.codes().files(), f -> new ArrayList<>()).add(piece);
    }
    return files.values().stream().map(own -> of(width, List.copyOf(own))).toList();
  }

  private static void add(
      List<Piece> pieces,
      ColumnSource source,
      FragmentMetadata fragment,
      List<FieldFile> files,
      @Nullable BitSet liveInFragment,
      long firstKey) {
    int all = (int) fragment.getPhysicalRows();
    int count = (all + Segment.MAX_ROWS - 1) / Segment.MAX_ROWS;
    long before = 0;
    for (int index = 0; index < count; index++) {
      int first = index * Segment.MAX_ROWS;
      int rows = Math.min(Segment.MAX_ROWS, all - first);
      BitSet live = liveInFragment == null ? null : liveInFragment.get(first, first + rows);
      if (live != null && live.cardinality() == rows) {
        live = null;
      }
      Selection selection = live == null ? Selection.range(0, rows) : selection(live);
      if (selection.count() > 0) {
        pieces.add(
            new Piece(
                key(source, files, index, SegmentKey.Part.CODES),
                key(source, files, index, SegmentKey.Part.SKETCH),
                key(source, files, index, SegmentKey.Part.VALUES),
                key(source, files, index, SegmentKey.Part.LISTED),
                fragment.getId(),
                count,
                all,
                rows,
                before,
                live,
                selection,
                firstKey + before,
                live == null ? null : keys(selection, rows, firstKey + before)));
      }
      before += selection.count();
    }
  }

  private static SegmentKey key(
      ColumnSource source, List<FieldFile> files, int index, SegmentKey.Part part) {
    return new SegmentKey(source.version().location(), source.name(), files, index, part);
  }

  private static Selection selection(BitSet live) {
    int[] positions = live.stream().toArray();
    return Selection.list(positions, positions.length);
  }

  private static long[] keys(Selection live, int rows, long first) {
    long[] keys = new long[rows];
    for (int i = 0; i < live.count(); i++) {
      keys[live.position(i)] = first + i;
    }
    return keys;
  }

  /** Index of the piece that has the row of a key, which must exist. */
  int pieceOf(long rowKey) {
    int low = 0;
    int high = pieces.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (pieces.get(middle).firstKey() <= rowKey) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** Rows that are not deleted. */
  long liveRows() {
    return pieces.stream().mapToLong(piece -> piece.selection().count()).sum();
  }

  /** Bytes of heap that the rows' places take, roughly. */
  long heapBytes() {
    long bytes = 0;
    for (Piece piece : pieces) {
      bytes += 200 + (piece.rowKeys() == null ? 0 : 12L * piece.rows() + piece.rows() / 8);
    }
    return bytes;
  }
}
