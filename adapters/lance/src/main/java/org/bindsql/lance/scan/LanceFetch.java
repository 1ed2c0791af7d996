package org.bindsql.lance.scan;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.error.BindSqlException;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.ImportedMemory;
import org.jspecify.annotations.Nullable;

/** Reader of given rows, in the order given, some at a time. */
public final class LanceFetch implements BatchReader {
  private final String doing;
  private final AutoCloseable owned;
  private final LanceSession.Lease lease;
  private final Projection projection;
  private final long[] rowKeys;
  private final ExecutionContext context;
  private final int batchRows;
  private final ImportedMemory memory;
  private int next;
  private @Nullable ArrowReader taken;

  /**
   * Creates a reader.
   *
   * @param owned closed with the reader
   * @param lease stays open while the reader is used
   */
  public LanceFetch(
      String doing,
      AutoCloseable owned,
      LanceSession.Lease lease,
      Projection projection,
      long[] rowKeys,
      ExecutionContext context) {
    projection.requireAddressable();
    this.doing = doing;
    this.owned = owned;
    this.lease = lease;
    this.projection = projection;
    this.rowKeys = rowKeys;
    this.context = context;
    this.batchRows = projection.batchRows(context.batchSize());
    this.memory = new ImportedMemory(context.allocator());
  }

  @Override
  public @Nullable Batch next() {
    try {
      while (true) {
        context.checkCancelled();
        if (taken != null && memory.loadNextBatch(taken)) {
          int rows = taken.getVectorSchemaRoot().getRowCount();
          if (rows > 0) {
            return Batch.of(projection.vectors(taken, context.allocator()), rows);
          }
        } else if (next < rowKeys.length) {
          release();
          int end = Math.min(next + batchRows, rowKeys.length);
          List<Long> offsets = Arrays.stream(rowKeys, next, end).boxed().toList();
          next = end;
          taken = lease.dataset().take(offsets, projection.names());
        } else {
          return null;
        }
      }
    } catch (IOException | RuntimeException e) {
      throw lease.failure(doing, e);
    }
  }

  private void release() {
    projection.close();
    memory.close();
    if (taken != null) {
      try {
        taken.close();
      } catch (IOException e) {
        throw LanceErrors.translate(doing, e);
      }
      taken = null;
    }
  }

  @Override
  public void close() {
    try (owned) {
      release();
    } catch (BindSqlException e) {
      throw e;
    } catch (Exception e) {
      throw LanceErrors.translate(doing, e);
    }
  }
}
