package org.bindsql.bindspace;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Scan of the edges of one image. Owns its snapshot. */
final class EdgeReader implements BatchReader {
  private final Snapshot snapshot;
  private final EdgeCursor cursor;
  private final List<EdgeColumn> columns;
  private final ExecutionContext context;
  private long limit;
  private List<FieldVector> vectors = List.of();

  /**
   * Creates a reader.
   *
   * @param limit greatest number of rows, or -1
   */
  EdgeReader(
      Snapshot snapshot,
      EdgeFilter.Wanted wanted,
      List<EdgeColumn> columns,
      long limit,
      ExecutionContext context) {
    this.snapshot = snapshot;
    this.cursor = new EdgeCursor(snapshot, wanted);
    this.columns = columns;
    this.limit = limit < 0 ? Long.MAX_VALUE : limit;
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    releaseVectors();
    context.checkCancelled();
    vectors = new ArrayList<>(columns.size());
    for (EdgeColumn column : columns) {
      FieldVector vector = column.field().createVector(context.allocator());
      vectors.add(vector);
      vector.setInitialCapacity(context.batchSize());
      vector.allocateNew();
    }
    int rows = 0;
    for (; rows < context.batchSize() && limit > 0 && cursor.next(); rows++, limit--) {
      for (int i = 0; i < vectors.size(); i++) {
        set(columns.get(i), vectors.get(i), rows);
      }
    }
    if (rows == 0) {
      limit = 0;
      return null;
    }
    for (FieldVector vector : vectors) {
      vector.setValueCount(rows);
    }
    return Batch.of(vectors, rows);
  }

  private void set(EdgeColumn column, FieldVector vector, int row) {
    switch (column) {
      case SOURCE -> Cells.setInt(vector, row, cursor.source());
      case TARGET -> Cells.setInt(vector, row, cursor.target());
      case VERB -> Cells.setInt(vector, row, cursor.verb());
      case SOURCE_LABEL -> Cells.setText(vector, row, snapshot.label(cursor.source()));
      case TARGET_LABEL -> Cells.setText(vector, row, snapshot.label(cursor.target()));
      case VERB_LABEL -> Cells.setText(vector, row, snapshot.label(cursor.verb()));
      case WEIGHT -> ((Float4Vector) vector).set(row, cursor.weight());
    }
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
