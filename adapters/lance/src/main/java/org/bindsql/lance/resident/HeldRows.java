package org.bindsql.lance.resident;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Reader of given rows, in the order given, of columns that are in memory. */
final class HeldRows implements BatchReader {
  private final List<HeldColumn> columns;
  private final long[] rowKeys;
  private final ExecutionContext context;
  private final List<FieldVector> vectors = new ArrayList<>();
  private int next;

  /**
   * Creates a reader.
   *
   * @param columns closed with the reader
   */
  HeldRows(List<HeldColumn> columns, long[] rowKeys, ExecutionContext context) {
    this.columns = columns;
    this.rowKeys = rowKeys;
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    context.checkCancelled();
    closeVectors();
    int from = next;
    int to = Math.min(rowKeys.length, from + context.batchSize());
    if (from == to) {
      return null;
    }
    for (HeldColumn column : columns) {
      vectors.add(column.values(rowKeys, from, to, context.allocator()));
    }
    next = to;
    return Batch.of(List.copyOf(vectors), to - from);
  }

  private void closeVectors() {
    vectors.forEach(FieldVector::close);
    vectors.clear();
  }

  @Override
  public void close() {
    closeVectors();
    columns.forEach(HeldColumn::close);
  }
}
