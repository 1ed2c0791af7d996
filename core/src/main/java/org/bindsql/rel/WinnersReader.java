package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.Radius;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/** Reader that puts the distance beside the columns of the rows found. */
final class WinnersReader implements BatchReader {
  private final @Nullable BatchReader columns;
  private final int[] distances;
  private final int similarityBits;
  private final Field field;
  private final ExecutionContext context;
  private @Nullable FieldVector vector;
  private int returned;

  /**
   * Creates a reader.
   *
   * @param columns the columns in result order, closed with this; null for none
   * @param distances distance of each row in result order
   * @param similarityBits bits of a code if the similarity is wanted, 0 for the distance
   * @param field of the distance
   */
  WinnersReader(
      @Nullable BatchReader columns,
      int[] distances,
      int similarityBits,
      Field field,
      ExecutionContext context) {
    this.columns = columns;
    this.distances = distances;
    this.similarityBits = similarityBits;
    this.field = field;
    this.context = context;
  }

  @Override
  public @Nullable Batch next() {
    closeVector();
    context.checkCancelled();
    if (columns == null) {
      int rows = Math.min(context.batchSize(), distances.length - returned);
      return rows == 0 ? null : withDistance(Batch.of(List.of(), rows));
    }
    Batch batch = columns.next();
    return batch == null ? null : withDistance(batch);
  }

  private Batch withDistance(Batch batch) {
    FieldVector result = field.createVector(context.allocator());
    vector = result;
    result.setInitialCapacity(batch.rowCount());
    result.allocateNew();
    Selection rows = batch.selection();
    for (int i = 0; i < rows.count(); i++) {
      int distance = distances[returned++];
      int position = rows.position(i);
      if (distance == CascadeResult.NULL_DISTANCE) {
        result.setNull(position);
      } else if (result instanceof Float8Vector doubles) {
        doubles.set(position, Radius.similarity(distance, similarityBits));
      } else {
        ((IntVector) result).set(position, distance);
      }
    }
    result.setValueCount(batch.rowCount());
    List<FieldVector> all = new ArrayList<>(batch.columns());
    all.add(result);
    return new Batch(all, batch.rowCount(), rows);
  }

  private void closeVector() {
    if (vector != null) {
      vector.close();
      vector = null;
    }
  }

  @Override
  public void close() {
    closeVector();
    if (columns != null) {
      columns.close();
    }
  }
}
