package org.bindsql.exec;

import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.expr.GroupKey;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.bindsql.vector.VectorCopy;

/**
 * Keys to dense group numbers, in the order in which the groups first appear.
 *
 * <p>An open-addressing table of group numbers over copies of each group's key columns. NULL equals
 * NULL. Without key columns every row is of group 0.
 */
final class GroupIndex implements AutoCloseable {
  private final int[] columns;
  private final List<GroupKey> keys;
  private final ExecutionContext context;
  private List<FieldVector> groups = List.of();
  private int[] table = new int[64]; // group number + 1; 0 where free
  private int[] hashes = new int[32]; // by group
  private int count;

  GroupIndex(int[] columns, List<GroupKey> keys, ExecutionContext context) {
    this.columns = columns.clone();
    this.keys = List.copyOf(keys);
    this.context = context;
    if (columns.length == 0) {
      count = 1; // an aggregate without GROUP BY has a row even if its input has none
    }
  }

  /** Number of groups so far. */
  int count() {
    return count;
  }

  /** The key columns, one value per group. */
  List<FieldVector> groups() {
    return groups;
  }

  /** Writes the group of the i-th active row to {@code out[i]}. */
  void assign(Batch batch, int[] out) {
    Selection rows = batch.selection();
    if (columns.length == 0) {
      Arrays.fill(out, 0, rows.count(), 0);
      return;
    }
    if (groups.isEmpty()) {
      groups = VectorCopy.emptyLike(batch.select(columns).columns(), 64, context.allocator());
    }
    GroupKey.Matcher[] matchers = new GroupKey.Matcher[columns.length];
    for (int i = 0; i < columns.length; i++) {
      matchers[i] = keys.get(i).between(batch.column(columns[i]), groups.get(i));
    }
    for (int i = 0; i < rows.count(); i++) {
      out[i] = group(batch, rows.position(i), matchers);
    }
  }

  private int group(Batch batch, int row, GroupKey.Matcher[] matchers) {
    int hash = 1;
    for (GroupKey.Matcher matcher : matchers) {
      hash = 31 * hash + matcher.hash(row);
    }
    hash ^= hash >>> 16;
    int mask = table.length - 1;
    for (int slot = hash & mask; ; slot = (slot + 1) & mask) {
      int group = table[slot] - 1;
      if (group < 0) {
        table[slot] = count + 1;
        return add(batch, row, hash);
      }
      if (hashes[group] == hash && matches(matchers, row, group)) {
        return group;
      }
    }
  }

  private static boolean matches(GroupKey.Matcher[] matchers, int row, int group) {
    for (GroupKey.Matcher matcher : matchers) {
      if (!matcher.matches(row, group)) {
        return false;
      }
    }
    return true;
  }

  private int add(Batch batch, int row, int hash) {
    for (int i = 0; i < columns.length; i++) {
      VectorCopy.copy(batch.column(columns[i]), row, groups.get(i), count);
      groups.get(i).setValueCount(count + 1);
    }
    if (count == hashes.length) {
      hashes = Arrays.copyOf(hashes, 2 * count);
    }
    hashes[count] = hash;
    count++;
    if (2 * count > table.length) {
      rehash();
    }
    return count - 1;
  }

  private void rehash() {
    table = new int[2 * table.length];
    int mask = table.length - 1;
    for (int group = 0; group < count; group++) {
      int slot = hashes[group] & mask;
      while (table[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      table[slot] = group + 1;
    }
  }

  @Override
  public void close() {
    groups.forEach(FieldVector::close);
    groups = List.of();
  }
}
