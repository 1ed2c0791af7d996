package org.bindsql.exec;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.expr.Accumulator;
import org.bindsql.expr.GroupKey;
import org.bindsql.expr.ValueWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.VectorCopy;
import org.jspecify.annotations.Nullable;

/**
 * {@code GROUP BY}: one row per group, key columns first, then the results of the calls.
 *
 * <p>{@link GroupIndex} turns keys into dense group numbers, and each call keeps its state in
 * arrays indexed by them. Groups come out in the order in which they first appeared.
 */
public final class HashAggregateReader implements BatchReader {
  private final BatchReader input;
  private final List<AggregateSpec> calls;
  private final List<Field> resultFields;
  private final List<Accumulator> accumulators = new ArrayList<>();
  private final GroupIndex groups;
  private final ExecutionContext context;
  private List<FieldVector> output = new ArrayList<>();
  private int next = -1; // group; -1 before the input was read

  /**
   * Creates a reader that closes {@code input}.
   *
   * @param keyColumns positions of the columns to group by; empty for one group of all rows
   * @param keys domains of those columns
   * @param resultFields Arrow form of each call's result
   */
  public HashAggregateReader(
      BatchReader input,
      int[] keyColumns,
      List<GroupKey> keys,
      List<AggregateSpec> calls,
      List<Field> resultFields,
      ExecutionContext context) {
    this.input = input;
    this.calls = List.copyOf(calls);
    this.resultFields = List.copyOf(resultFields);
    this.groups = new GroupIndex(keyColumns, keys, context);
    this.context = context;
    for (AggregateSpec call : calls) {
      accumulators.add(
          switch (call.function()) {
            case COUNT -> Accumulator.count();
            case SUM -> Accumulator.sum(call.kind(), false);
            case SUM0 -> Accumulator.sum(call.kind(), true);
            case MIN -> Accumulator.least(call.kind());
            case MAX -> Accumulator.greatest(call.kind());
          });
    }
  }

  @Override
  public @Nullable Batch next() {
    if (next < 0) {
      readInput();
      next = 0;
    }
    releaseOutput();
    int count = Math.min(context.batchSize(), groups.count() - next);
    if (count <= 0) {
      return null;
    }
    output = VectorCopy.emptyLike(groups.groups(), count, context.allocator());
    for (int i = 0; i < output.size(); i++) {
      for (int row = 0; row < count; row++) {
        VectorCopy.copy(groups.groups().get(i), next + row, output.get(i), row);
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      FieldVector vector = resultFields.get(i).createVector(context.allocator());
      output.add(vector);
      vector.setInitialCapacity(count);
      vector.allocateNew();
      ValueWriter writer = ValueWriter.of(vector);
      for (int row = 0; row < count; row++) {
        writer.set(row, accumulators.get(i).result(next + row));
      }
    }
    output.forEach(vector -> vector.setValueCount(count));
    next += count;
    return Batch.of(output, count);
  }

  private void readInput() {
    int[] assigned = new int[0];
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      int rows = batch.selection().count();
      if (assigned.length < rows) {
        assigned = new int[rows];
      }
      groups.assign(batch, assigned);
      for (int i = 0; i < calls.size(); i++) {
        update(accumulators.get(i), calls.get(i).column(), batch, assigned);
      }
    }
  }

  private void update(Accumulator accumulator, int column, Batch batch, int[] assigned) {
    if (column >= 0) {
      accumulator.update(batch.column(column), batch.selection(), assigned, groups.count());
    } else {
      ((Accumulator.CountAccumulator) accumulator)
          .update(batch.selection(), assigned, groups.count());
    }
  }

  private void releaseOutput() {
    output.forEach(FieldVector::close);
    output = new ArrayList<>();
  }

  @Override
  public void close() {
    releaseOutput();
    groups.close();
    input.close();
  }
}
