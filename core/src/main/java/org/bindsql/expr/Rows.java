package org.bindsql.expr;

import org.bindsql.vector.Selection;

/** Rows picked from a selection by a test. */
final class Rows {
  /** Test of one row. */
  @FunctionalInterface
  interface Test {
    boolean holds(int row);
  }

  private Rows() {}

  /** The rows for which the test holds; the selection itself if it holds for all. */
  static Selection where(Selection rows, Test test) {
    int count = rows.count();
    int[] kept = new int[count];
    int n = 0;
    if (rows.isRange()) {
      for (int row = rows.from(), to = rows.to(); row < to; row++) {
        kept[n] = row;
        n += test.holds(row) ? 1 : 0;
      }
    } else {
      int[] positions = rows.positions();
      for (int i = 0; i < count; i++) {
        kept[n] = positions[i];
        n += test.holds(positions[i]) ? 1 : 0;
      }
    }
    return n == count ? rows : Selection.list(kept, n);
  }

  /** The rows of {@code rows} that are not in {@code removed}, which is part of it. */
  static Selection minus(Selection rows, Selection removed) {
    if (removed.isEmpty()) {
      return rows;
    }
    int[] kept = new int[rows.count() - removed.count()];
    int n = 0;
    int next = 0;
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      if (next < removed.count() && removed.position(next) == row) {
        next++;
      } else {
        kept[n++] = row;
      }
    }
    return Selection.list(kept, n);
  }

  /** The rows of two selections that share none. */
  static Selection union(Selection a, Selection b) {
    if (a.isEmpty() || b.isEmpty()) {
      return a.isEmpty() ? b : a;
    }
    int[] all = new int[a.count() + b.count()];
    int i = 0;
    int j = 0;
    for (int n = 0; n < all.length; n++) {
      boolean fromA = j >= b.count() || (i < a.count() && a.position(i) < b.position(j));
      all[n] = fromA ? a.position(i++) : b.position(j++);
    }
    return Selection.list(all, all.length);
  }
}
