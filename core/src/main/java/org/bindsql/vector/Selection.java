package org.bindsql.vector;

import java.util.Arrays;

/**
 * Active row positions of a batch, ascending: a contiguous range, or a list.
 *
 * <p>AND is cheap because a predicate maps a selection to a smaller one and nothing is copied.
 * Instances are immutable; the position array is shared, so callers of {@link #positions()} must
 * not write to it.
 */
public final class Selection {
  private static final Selection EMPTY = range(0, 0);

  private final int from;
  private final int count;
  private final int[] positions; // empty when this is a range

  private Selection(int from, int count, int[] positions) {
    this.from = from;
    this.count = count;
    this.positions = positions;
  }

  /** Rows {@code from} (inclusive) to {@code to} (exclusive). */
  public static Selection range(int from, int to) {
    return new Selection(from, to - from, new int[0]);
  }

  /** The rows {@code positions[0..count)}, which must ascend; the array is kept, not copied. */
  public static Selection list(int[] positions, int count) {
    return count == 0 ? EMPTY : new Selection(0, count, positions);
  }

  /** No rows. */
  public static Selection empty() {
    return EMPTY;
  }

  /** Number of active rows. */
  public int count() {
    return count;
  }

  /** Whether no row is active. */
  public boolean isEmpty() {
    return count == 0;
  }

  /** Whether the active rows are contiguous and held as a range. */
  public boolean isRange() {
    return positions.length == 0;
  }

  /** First row of a range; meaningful only if {@link #isRange()}. */
  public int from() {
    return from;
  }

  /** End (exclusive) of a range; meaningful only if {@link #isRange()}. */
  public int to() {
    return from + count;
  }

  /** The list's array, of which the first {@link #count()} entries count; only if not a range. */
  public int[] positions() {
    return positions;
  }

  /** The {@code i}-th active row's position in the batch, {@code 0 <= i < count()}. */
  public int position(int i) {
    return positions.length == 0 ? from + i : positions[i];
  }

  /** The active rows {@code from} (inclusive) to {@code to} (exclusive), counted in active rows. */
  public Selection slice(int sliceFrom, int sliceTo) {
    return isRange()
        ? range(from + sliceFrom, from + sliceTo)
        : list(Arrays.copyOfRange(positions, sliceFrom, sliceTo), sliceTo - sliceFrom);
  }

  @Override
  public String toString() {
    return isRange()
        ? "[" + from + ".." + to() + ")"
        : Arrays.toString(Arrays.copyOf(positions, count));
  }
}
