package org.bindsql.lance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.table.ScanRequest;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/** Reader of some columns of one version of a dataset, in row order. */
final class LanceScan implements BatchReader {
  private final String doing;
  private final LanceSession.Lease lease;
  private final ExecutionContext context;
  private final LanceScanner scanner;
  private final ArrowReader reader;
  private boolean closed;

  private LanceScan(
      String doing,
      LanceSession.Lease lease,
      ExecutionContext context,
      LanceScanner scanner,
      ArrowReader reader) {
    this.doing = doing;
    this.lease = lease;
    this.context = context;
    this.scanner = scanner;
    this.reader = reader;
  }

  /** Opens a reader that owns the lease; it is released if opening fails. */
  static BatchReader open(
      String doing,
      LanceSession.Lease lease,
      Snapshot snapshot,
      ScanRequest request,
      ExecutionContext context) {
    try {
      ScanOptions.Builder options = new ScanOptions.Builder().batchSize(context.batchSize());
      if (request.limit() >= 0) {
        options.limit(request.limit());
      }
      List<String> columns = new ArrayList<>();
      for (int column : request.columns()) {
        columns.add(snapshot.stored().getFields().get(column).getName());
      }
      if (columns.isEmpty()) {
        long rows = lease.dataset().countRows();
        lease.close();
        return new RowCounter(
            request.limit() < 0 ? rows : Math.min(rows, request.limit()), context);
      }
      ScanOptions scan = options.columns(columns).build();
      return PlanningThread.call(doing, () -> open(doing, lease, scan, context));
    } catch (RuntimeException | Error e) {
      lease.close();
      throw LanceErrors.translate(doing, e);
    }
  }

  private static LanceScan open(
      String doing, LanceSession.Lease lease, ScanOptions options, ExecutionContext context)
      throws Exception {
    LanceScanner scanner = LanceScanner.create(lease.dataset(), options, context.allocator());
    try {
      return new LanceScan(doing, lease, context, scanner, scanner.scanBatches());
    } catch (RuntimeException | Error e) {
      scanner.close();
      throw e;
    }
  }

  @Override
  public @Nullable Batch next() {
    context.checkCancelled();
    try {
      while (reader.loadNextBatch()) {
        VectorSchemaRoot root = reader.getVectorSchemaRoot();
        if (root.getRowCount() > 0) {
          return Batch.of(List.<FieldVector>copyOf(root.getFieldVectors()), root.getRowCount());
        }
      }
      return null;
    } catch (IOException | RuntimeException e) {
      throw LanceErrors.translate(doing, e);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // In this order: each refers to the next.
    try (lease;
        AutoCloseable second = scanner;
        AutoCloseable first = reader) {
      // nothing but closing
    } catch (Exception e) {
      throw LanceErrors.translate(doing, e);
    }
  }
}
