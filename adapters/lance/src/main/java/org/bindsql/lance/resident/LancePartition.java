package org.bindsql.lance.resident;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.bindsql.cascade.CodeBlock;
import org.bindsql.cascade.Codes;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;

/** Some rows of a fingerprint column; the scan opens with the first block. */
final class LancePartition implements CodeReader.Partition {
  private final String doing;
  private final LanceSession.Lease lease;
  private final Snapshot snapshot;
  private final int codeColumn;
  private final int[] columns;
  private final LanceScan.Request request;
  private final ExecutionContext context;
  private long nextKey;
  private @Nullable LanceScan scan;
  private boolean closed;

  LancePartition(
      String doing,
      LanceSession.Lease lease,
      Snapshot snapshot,
      int codeColumn,
      int[] columns,
      LanceScan.Request request,
      long firstKey,
      ExecutionContext context) {
    this.doing = doing;
    this.lease = lease;
    this.snapshot = snapshot;
    this.codeColumn = codeColumn;
    this.columns = columns;
    this.request = request;
    this.nextKey = firstKey;
    this.context = context;
  }

  @Override
  public @Nullable CodeBlock next() {
    if (closed) {
      throw new IllegalStateException("partition is closed");
    }
    LanceScan open = scan;
    if (open == null) {
      // The fingerprints come last: Batch.columns must hold the others at their positions.
      int[] all = java.util.Arrays.copyOf(columns, columns.length + 1);
      all[columns.length] = codeColumn;
      open =
          LanceScan.open(doing, () -> {}, lease, new Projection(snapshot, all), request, context);
      scan = open;
    }
    Batch batch = open.next();
    if (batch == null) {
      return null;
    }
    FixedSizeBinaryVector codes = (FixedSizeBinaryVector) batch.columns().getLast();
    List<FieldVector> others = batch.columns().subList(0, columns.length);
    int rows = batch.rowCount();
    int width = codes.getByteWidth();
    CodeBlock block =
        new CodeBlock(
            Codes.rowMajor(segment(codes.getDataBuffer(), (long) rows * width), width, rows),
            Batch.of(others, rows),
            codes.getNullCount() == 0 ? null : segment(codes.getValidityBuffer(), (rows + 7) / 8),
            nextKey,
            request.rowOffsets() ? open.rowOffsets() : null);
    nextKey += rows;
    return block;
  }

  /** Arrow's memory itself; it lives as long as the batch. */
  private static MemorySegment segment(ArrowBuf buffer, long bytes) {
    return MemorySegment.ofAddress(buffer.memoryAddress()).reinterpret(bytes);
  }

  @Override
  public void close() {
    closed = true;
    if (scan != null) {
      scan.close();
      scan = null;
    }
  }
}
