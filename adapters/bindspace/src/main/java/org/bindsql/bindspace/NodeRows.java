package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a node table in one image: those of its prefixes that a filter lets through.
 *
 * @param fromPrefix first prefix of the table
 * @param toPrefix end (exclusive) of the table's prefixes
 * @param wanted addresses that pass the pushed filter
 * @param namedOnly whether nodes without a distinguished name are left out
 */
record NodeRows(int fromPrefix, int toPrefix, AddressSet wanted, boolean namedOnly) {
  /** Chunks that hold at least one row, ascending. */
  List<Chunk> chunks(BindView view) {
    List<Chunk> chunks = new ArrayList<>();
    for (int prefix = fromPrefix; prefix < toPrefix; prefix++) {
      Chunk chunk = wanted.isEmpty(prefix) ? null : view.chunk(prefix);
      if (chunk != null && wanted.count(chunk) > 0) {
        chunks.add(chunk);
      }
    }
    return chunks;
  }

  /** Slots of a chunk's rows, ascending. */
  int[] slots(Chunk chunk) {
    int[] slots = wanted.slots(chunk);
    return namedOnly
        ? Arrays.stream(slots).filter(slot -> chunk.dnPath[slot] != null).toArray()
        : slots;
  }

  /** The same as a selection of the chunk's slots. */
  Selection selection(Chunk chunk) {
    if (!namedOnly && wanted.count(chunk) == Addresses.SLOTS) {
      return Selection.range(0, Addresses.SLOTS);
    }
    int[] slots = slots(chunk);
    return Selection.list(slots, slots.length);
  }

  /** Number of rows. */
  long count(BindView view) {
    long count = 0;
    for (Chunk chunk : chunks(view)) {
      count += namedOnly ? slots(chunk).length : wanted.count(chunk);
    }
    return count;
  }

  /** One chunk's rows, handed out in runs of slots. */
  static final class Run {
    private final Chunk chunk;
    private final int[] slots;
    private int next;

    Run(Chunk chunk, int[] slots) {
      this.chunk = chunk;
      this.slots = slots;
    }

    Chunk chunk() {
      return chunk;
    }

    /** The slots of the next batch, spanning at most {@code maxRows} slots; null at the end. */
    int @Nullable [] next(int maxRows) {
      if (next == slots.length) {
        return null;
      }
      int from = next;
      while (next < slots.length && slots[next] - slots[from] < maxRows) {
        next++;
      }
      return Arrays.copyOfRange(slots, from, next);
    }
  }

  /** A batch over the slots from the first to the last of {@code slots}, which are active. */
  static Batch batch(List<FieldVector> vectors, int[] slots) {
    int from = slots[0];
    int rows = slots[slots.length - 1] - from + 1;
    if (rows == slots.length) {
      return Batch.of(vectors, rows);
    }
    int[] positions = new int[slots.length];
    for (int i = 0; i < slots.length; i++) {
      positions[i] = slots[i] - from;
    }
    return new Batch(vectors, rows, Selection.list(positions, positions.length));
  }
}
