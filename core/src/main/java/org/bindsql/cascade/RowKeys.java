package org.bindsql.cascade;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.bindsql.vector.Selection;

/** A growing list of row keys, and the way from them to the rows of a resident column. */
public final class RowKeys {
  private long[] keys = new long[0];
  private int count;

  /** Number of keys. */
  public int count() {
    return count;
  }

  /** The keys, ascending. */
  public long[] sorted() {
    Arrays.sort(keys, 0, count);
    return Arrays.copyOf(keys, count);
  }

  /** Adds the keys of some rows of a block. */
  public void add(CandidateBlock block, Selection rows) {
    ensure(rows.count());
    for (int i = 0; i < rows.count(); i++) {
      keys[count++] = block.rowKey(rows.position(i));
    }
  }

  /** Adds all keys of another list. */
  public void addAll(RowKeys other) {
    ensure(other.count);
    System.arraycopy(other.keys, 0, keys, count, other.count);
    count += other.count;
  }

  private void ensure(int more) {
    if (keys.length - count < more) {
      keys = Arrays.copyOf(keys, Math.max(Math.addExact(count, more), count + count / 2));
    }
  }

  /**
   * The rows that have these keys, by segment.
   *
   * @param segments all rows of the snapshot, ascending by key
   * @return the segments that hold such rows
   * @throws IllegalStateException if a key is of no row: the table breaks its contract
   */
  public List<ResidentColumn.Rows> select(List<ResidentColumn.Rows> segments) {
    Arrays.sort(keys, 0, count);
    List<ResidentColumn.Rows> selected = new ArrayList<>();
    int next = 0;
    for (ResidentColumn.Rows source : segments) {
      Selection rows = source.rows();
      if (next == count || rows.isEmpty()) {
        continue;
      }
      long last = lastKey(source);
      int to = next;
      while (to < count && keys[to] <= last) {
        to++;
      }
      if (to > next) {
        selected.add(source.with(to - next == rows.count() ? rows : positions(source, next, to)));
      }
      next = to;
    }
    if (next < count) {
      throw new IllegalStateException("no row has the key " + keys[next]);
    }
    return selected;
  }

  private static long lastKey(ResidentColumn.Rows source) {
    Selection rows = source.rows();
    long last = source.rowKey(rows.position(rows.count() - 1));
    for (int i = 0; i < rows.count() && source.segment().lists() != null; i++) {
      last = Math.max(last, source.rowKey(rows.position(i)));
    }
    return last;
  }

  private Selection positions(ResidentColumn.Rows source, int from, int to) {
    int[] positions = new int[to - from];
    if (source.segment().lists() != null) {
      return listed(source, from, to, positions);
    }
    if (source.rowKeys() == null) {
      for (int i = from; i < to; i++) {
        positions[i - from] = Math.toIntExact(keys[i] - source.firstRowKey());
      }
      return Selection.list(positions, positions.length);
    }
    int at = 0;
    for (int i = from; i < to; i++) {
      while (source.rowKey(source.rows().position(at)) < keys[i]) {
        at++;
      }
      positions[i - from] = source.rows().position(at);
    }
    return Selection.list(positions, positions.length);
  }

  /** The positions of rows in the order of lists: all rows are looked at, once. */
  private Selection listed(ResidentColumn.Rows source, int from, int to, int[] positions) {
    BitSet wanted = new BitSet();
    for (int i = from; i < to; i++) {
      wanted.set(Math.toIntExact(keys[i] - keys[from]));
    }
    int found = 0;
    for (int i = 0; i < source.rows().count(); i++) {
      int position = source.rows().position(i);
      long key = source.rowKey(position);
      if (key >= keys[from] && key <= keys[to - 1] && wanted.get((int) (key - keys[from]))) {
        positions[found++] = position;
      }
    }
    if (found < positions.length) {
      throw new IllegalStateException(
          "%d of %d row keys are of no row".formatted(positions.length - found, positions.length));
    }
    return Selection.list(positions, positions.length);
  }
}
