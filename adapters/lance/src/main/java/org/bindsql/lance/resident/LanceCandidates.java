package org.bindsql.lance.resident;

import org.bindsql.cascade.CandidateBlock;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.scan.LanceScan;
import org.bindsql.table.CodeReader;
import org.bindsql.vector.Batch;
import org.jspecify.annotations.Nullable;

/** Columns of some rows that pass the pushed filter; the scan opens with the first block. */
final class LanceCandidates implements CodeReader.Candidates {
  private final String doing;
  private final LanceSession.Lease lease;
  private final Projection columns;
  private final LanceScan.Request request;
  private final ExecutionContext context;
  private long nextKey;
  private @Nullable LanceScan scan;
  private boolean closed;

  LanceCandidates(
      String doing,
      LanceSession.Lease lease,
      Projection columns,
      LanceScan.Request request,
      long firstKey,
      ExecutionContext context) {
    this.doing = doing;
    this.lease = lease;
    this.columns = columns;
    this.request = request;
    this.nextKey = firstKey;
    this.context = context;
  }

  @Override
  public @Nullable CandidateBlock next() {
    if (closed) {
      throw new IllegalStateException("rows are closed");
    }
    LanceScan open = scan;
    if (open == null) {
      open = LanceScan.open(doing, () -> {}, lease, columns, request, context);
      scan = open;
    }
    Batch batch = open.next();
    if (batch == null) {
      return null;
    }
    CandidateBlock block =
        new CandidateBlock(batch, nextKey, request.rowOffsets() ? open.rowOffsets() : null);
    nextKey += batch.rowCount();
    return block;
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
