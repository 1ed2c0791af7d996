package org.bindsql.bindspace;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Scan of a node table: batches of at most one chunk, in address order. Owns its snapshot. */
final class NodeReader implements BatchReader {
  private final Snapshot snapshot;
  private final NodeRows rows;
  private final List<NodeColumn> columns;
  private final NodeVectors builder;
  private final ExecutionContext context;
  private final Iterator<Chunk> chunks;
  private long limit;
  private NodeRows.@Nullable Run run;
  private List<FieldVector> vectors = List.of();

  /**
   * Creates a reader.
   *
   * @param limit greatest number of rows, or -1
   */
  NodeReader(
      Snapshot snapshot,
      NodeRows rows,
      List<NodeColumn> columns,
      NodeVectors builder,
      long limit,
      ExecutionContext context) {
    this.snapshot = snapshot;
    this.rows = rows;
    this.columns = columns;
    this.builder = builder;
    this.limit = limit < 0 ? Long.MAX_VALUE : limit;
    this.context = context;
    this.chunks = rows.chunks(snapshot).iterator();
  }

  @Override
  public @Nullable Batch next() {
    releaseVectors();
    context.checkCancelled();
    while (limit > 0) {
      if (run == null) {
        if (!chunks.hasNext()) {
          return null;
        }
        Chunk chunk = chunks.next();
        run = new NodeRows.Run(chunk, rows.slots(chunk));
      }
      int[] slots = run.next(context.batchSize());
      if (slots != null) {
        return batch(run.chunk(), slots);
      }
      run = null;
    }
    return null;
  }

  private Batch batch(Chunk chunk, int[] found) {
    int[] slots = found.length > limit ? Arrays.copyOf(found, (int) limit) : found;
    limit -= slots.length;
    vectors = builder.range(columns, chunk, slots[0], slots[slots.length - 1] + 1, slots);
    return NodeRows.batch(vectors, slots);
  }

  private void releaseVectors() {
    vectors.forEach(FieldVector::close);
    vectors = List.of();
  }

  @Override
  public void close() {
    releaseVectors();
    limit = 0;
    snapshot.close();
  }
}
