package org.bindsql.lance.write;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.BatchArrowReader;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;

/**
 * The active rows of a batch reader for Lance: copies, since Lance may hold a batch while it asks
 * for the next.
 */
public final class BatchStream extends BatchArrowReader {
  /** Creates a stream that closes {@code source}. */
  public BatchStream(BufferAllocator allocator, Schema schema, BatchReader source) {
    super(allocator, schema, source);
  }

  @Override
  protected void take(FieldVector from, Selection rows, FieldVector to) {
    if (rows.isRange() && RangeCopy.copy(from, rows.from(), rows.count(), to)) {
      return;
    }
    to.setInitialCapacity(rows.count());
    to.allocateNew();
    for (int i = 0; i < rows.count(); i++) {
      to.copyFromSafe(rows.position(i), i, from);
    }
  }
}
