package org.bindsql.exec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.expr.RowOrder;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.bindsql.vector.VectorCopy;
import org.jspecify.annotations.Nullable;

/**
 * {@code ORDER BY ... OFFSET m FETCH n}: the rows at positions m to m + n of the sorted input.
 *
 * <p>The naive plan sorts the whole input. Here a heap holds the best m + n rows seen; a row is
 * copied out of its batch only if it enters. Invariant: the heap's top is the row that comes last;
 * rows that tie keep input order. The reader owns the copies and what it returns.
 */
public final class TopKReader implements BatchReader {
  /** A kept row: its position in the kept vectors, and its place in the input. */
  private record Entry(int row, long sequence) {}

  private final BatchReader input;
  private final List<RowOrder.Key> keys;
  private final long offset;
  private final long limit; // offset + fetch
  private final ExecutionContext context;
  private final PriorityQueue<Entry> heap;
  private List<FieldVector> kept = List.of();
  private int keptRows;
  private RowOrder keptOrder = (a, b) -> 0;
  private Entry[] sorted = new Entry[0];
  private int next = -1; // position in sorted; -1 before the input was read
  private List<FieldVector> output = List.of();

  /**
   * Creates a reader that closes {@code input}.
   *
   * @param offset at least 0
   * @param fetch at least 0
   */
  public TopKReader(
      BatchReader input,
      List<RowOrder.Key> keys,
      long offset,
      long fetch,
      ExecutionContext context) {
    this.input = input;
    this.keys = List.copyOf(keys);
    this.offset = offset;
    this.limit = offset + fetch < 0 ? Long.MAX_VALUE : offset + fetch;
    this.context = context;
    this.heap = new PriorityQueue<>(order().reversed());
    if (fetch == 0) {
      next = 0; // nothing to read
    }
  }

  private Comparator<Entry> order() {
    return (a, b) -> {
      int order = keptOrder.compare(a.row(), b.row());
      return order != 0 ? order : Long.compare(a.sequence(), b.sequence());
    };
  }

  @Override
  public @Nullable Batch next() {
    if (next < 0) {
      readInput();
      sorted = heap.toArray(new Entry[0]);
      Arrays.sort(sorted, order());
      next = (int) Math.min(offset, sorted.length);
    }
    int count = Math.min(context.batchSize(), sorted.length - next);
    close(output);
    output = List.of();
    if (count <= 0) {
      return null;
    }
    output = emptyLike(kept);
    for (int column = 0; column < kept.size(); column++) {
      for (int i = 0; i < count; i++) {
        VectorCopy.copy(kept.get(column), sorted[next + i].row(), output.get(column), i);
      }
      output.get(column).setValueCount(count);
    }
    next += count;
    return Batch.of(output, count);
  }

  private void readInput() {
    long sequence = 0;
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      if (kept.isEmpty()) {
        kept = emptyLike(batch.columns());
        keptOrder = between(kept, kept);
      }
      RowOrder order = between(batch.columns(), kept);
      Selection rows = batch.selection();
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.position(i);
        boolean isFull = heap.size() >= limit;
        // A row that ties with the last one kept came later, so it stays out.
        if (isFull && order.compare(row, heap.element().row()) >= 0) {
          continue;
        }
        if (isFull) {
          heap.remove();
        }
        keep(batch, row, sequence + i);
        if (keptRows - context.batchSize() >= 2L * heap.size()) {
          compact();
          order = between(batch.columns(), kept);
        }
      }
      sequence += rows.count();
    }
  }

  private void keep(Batch batch, int row, long sequence) {
    for (int column = 0; column < kept.size(); column++) {
      VectorCopy.copy(batch.column(column), row, kept.get(column), keptRows);
      kept.get(column).setValueCount(keptRows + 1);
    }
    heap.add(new Entry(keptRows, sequence));
    keptRows++;
  }

  /** Drops the copies of rows that have left the heap. */
  private void compact() {
    List<Entry> entries = new ArrayList<>(heap);
    List<FieldVector> old = kept;
    kept = emptyLike(old);
    try {
      for (int column = 0; column < old.size(); column++) {
        for (int i = 0; i < entries.size(); i++) {
          VectorCopy.copy(old.get(column), entries.get(i).row(), kept.get(column), i);
        }
        kept.get(column).setValueCount(entries.size());
      }
    } finally {
      close(old);
    }
    keptRows = entries.size();
    keptOrder = between(kept, kept);
    heap.clear();
    for (int i = 0; i < entries.size(); i++) {
      heap.add(new Entry(i, entries.get(i).sequence()));
    }
  }

  private RowOrder between(List<FieldVector> left, List<FieldVector> right) {
    RowOrder[] orders = new RowOrder[keys.size()];
    for (int i = 0; i < orders.length; i++) {
      RowOrder.Key key = keys.get(i);
      orders[i] = key.between(left.get(key.column()), right.get(key.column()));
    }
    return (a, b) -> {
      for (RowOrder order : orders) {
        int result = order.compare(a, b);
        if (result != 0) {
          return result;
        }
      }
      return 0;
    };
  }

  private List<FieldVector> emptyLike(List<FieldVector> vectors) {
    return VectorCopy.emptyLike(vectors, 16, context.allocator());
  }

  private static void close(List<FieldVector> vectors) {
    vectors.forEach(FieldVector::close);
  }

  @Override
  public void close() {
    close(output);
    close(kept);
    output = List.of();
    kept = List.of();
    input.close();
  }
}
