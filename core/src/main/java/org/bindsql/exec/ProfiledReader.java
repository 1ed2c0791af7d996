package org.bindsql.exec;

import org.apache.arrow.vector.FieldVector;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/**
 * Reader that reports rows, batches, bytes and nanoseconds of another reader, inputs included, and
 * ends a cancelled statement at the next batch.
 */
public final class ProfiledReader implements BatchReader {
  private final BatchReader reader;
  private final int operator;
  private final ExecutionContext context;
  private boolean closed;

  /**
   * Creates a reader that closes {@code reader}.
   *
   * @param operator rel id under which to report
   */
  public ProfiledReader(BatchReader reader, int operator, ExecutionContext context) {
    this.reader = reader;
    this.operator = operator;
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    context.checkCancelled();
    Profile profile = context.profile();
    if (profile == null) {
      return reader.next();
    }
    long start = System.nanoTime();
    Batch batch = reader.next();
    profile.add(operator, "nanos", System.nanoTime() - start);
    profile.add(operator, "batches", batch == null ? 0 : 1);
    profile.add(operator, "rows", batch == null ? 0 : batch.selection().count());
    profile.add(operator, "bytes", batch == null ? 0 : bytes(batch));
    return batch;
  }

  /** Size of the batch's vectors, whether or not their rows are active. */
  private static long bytes(Batch batch) {
    long bytes = 0;
    for (FieldVector column : batch.columns()) {
      bytes += column.getBufferSize();
    }
    return bytes;
  }

  @Override
  public void close() {
    try (reader) {
      Profile profile = context.profile();
      if (profile != null && !closed && reader instanceof CountingReader counting) {
        counting.counters().forEach((counter, n) -> profile.add(operator, counter, n));
      }
      closed = true;
    }
  }
}
