package org.bindsql.rel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.rel.core.JoinRelType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.cascade.Radius;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.expr.BatchPredicate;
import org.bindsql.table.CodeReader;
import org.bindsql.type.ArrowTypes;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.bindsql.vector.VectorCopy;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a join by distance for some rows of its input: pairs in the order of the input, for
 * each the nearest first; then, of an outer join, the rows of the input that found none.
 *
 * <p>A table's row is fetched once for all pairs of a chunk that it is in.
 */
final class PairReader implements BatchReader {
  private static final int GREATEST_CHUNK = 1 << 16;
  private static final long CHUNK_BYTES = 16 << 20;
  private static final int USUAL_BYTES = 64;

  private final HdrCascadeJoin rel;
  private final QueryGroup group;
  private final int width;
  private final IntFunction<CascadeResult> answers;
  private final CodeReader codes;
  private final BatchPredicate condition;
  private final ExecutionContext context;
  private final int end;
  private final int firstQuery;
  private final int[] tableColumns;
  private final BitSet matched = new BitSet();
  private final int[] rows; // of the chunk's pairs: row of the group
  private final long[] keys;
  private final int[] distances;
  private final int[] numbers;
  private int nextRow;
  private CascadeResult answer = new CascadeResult(new long[0], new int[0]);
  private int nextOfAnswer;
  private int pairs;
  private int returned;
  private int nextUnmatched;
  private long[] fetchedKeys = new long[0];
  private List<FieldVector> fetched = List.of();
  private List<FieldVector> output = List.of();

  /**
   * Creates a reader.
   *
   * @param from first row of the group
   * @param to end of its rows
   * @param width bytes of a fingerprint
   * @param answers by number of the query, counted from that of row {@code from}; -1 for one that
   *     is NULL
   * @param codes the table's rows; stays open
   * @param condition what pairs must satisfy
   */
  PairReader(
      HdrCascadeJoin rel,
      QueryGroup group,
      int from,
      int to,
      int width,
      IntFunction<CascadeResult> answers,
      CodeReader codes,
      BatchPredicate condition,
      ExecutionContext context) {
    this.rel = rel;
    this.group = group;
    this.width = width;
    this.answers = answers;
    this.codes = codes;
    this.condition = condition;
    this.context = context;
    this.end = to;
    this.nextRow = from;
    this.nextUnmatched = from;
    this.firstQuery = group.queriesBefore(from);
    this.tableColumns = rel.search().columns().toIntArray();
    int chunk = Math.max(context.batchSize(), chunkPairs());
    this.rows = new int[chunk];
    this.keys = new long[chunk];
    this.distances = new int[chunk];
    this.numbers = new int[chunk];
  }

  /** Pairs whose table rows take about as much memory as a chunk may. */
  private int chunkPairs() {
    long bytes = 1;
    for (int column : tableColumns) {
      Field field = field(column);
      bytes +=
          field.getType() instanceof ArrowType.FixedSizeBinary binary
              ? binary.getByteWidth()
              : USUAL_BYTES;
    }
    return Math.clamp(CHUNK_BYTES / bytes, 1, GREATEST_CHUNK);
  }

  @Override
  public @Nullable Batch next() {
    while (true) {
      context.checkCancelled();
      if (returned == pairs && !nextChunk()) {
        return rel.form().type() == JoinRelType.LEFT ? nextUnmatched() : null;
      }
      int count = Math.min(context.batchSize(), pairs - returned);
      Batch batch = pairs(returned, count);
      int first = returned;
      returned += count;
      Selection kept = condition.filter(batch, batch.selection(), context);
      for (int i = 0; i < kept.count(); i++) {
        matched.set(rows[first + kept.position(i)]);
      }
      if (!kept.isEmpty()) {
        return batch.withSelection(kept);
      }
    }
  }

  private boolean nextChunk() {
    pairs = 0;
    returned = 0;
    while (pairs < rows.length && moveToAnswer()) {
      int count = Math.min(rows.length - pairs, answer.size() - nextOfAnswer);
      for (int i = 0; i < count; i++) {
        rows[pairs] = nextRow - 1;
        keys[pairs] = answer.rowKeys()[nextOfAnswer];
        distances[pairs] = answer.distances()[nextOfAnswer];
        numbers[pairs++] = ++nextOfAnswer;
      }
    }
    if (pairs == 0) {
      return false;
    }
    if (tableColumns.length > 0) {
      fetch();
    }
    return true;
  }

  /** Makes sure that the answer has another row, if any row of the input has. */
  private boolean moveToAnswer() {
    while (nextOfAnswer == answer.size()) {
      if (nextRow == end) {
        return false;
      }
      int query = group.query(nextRow++);
      answer = answers.apply(query < 0 ? query : query - firstQuery);
      nextOfAnswer = 0;
    }
    return true;
  }

  private void fetch() {
    close(fetched);
    fetched = List.of();
    fetchedKeys = Arrays.stream(keys, 0, pairs).sorted().distinct().toArray();
    int count = 0;
    try (BatchReader reader = codes.fetch(fetchedKeys, tableColumns)) {
      for (Batch batch = reader.next(); batch != null; batch = reader.next()) {
        if (fetched.isEmpty()) {
          fetched = VectorCopy.emptyLike(batch.columns(), fetchedKeys.length, context.allocator());
        }
        Selection active = batch.selection();
        for (int column = 0; column < fetched.size(); column++) {
          for (int i = 0; i < active.count(); i++) {
            VectorCopy.copy(
                batch.column(column), active.position(i), fetched.get(column), count + i);
          }
        }
        count += active.count();
      }
    }
    for (FieldVector vector : fetched) {
      vector.setValueCount(count);
    }
    if (count != fetchedKeys.length) {
      throw new IllegalStateException(count + " of " + fetchedKeys.length + " rows fetched");
    }
  }

  private Batch pairs(int first, int count) {
    List<FieldVector> sources = new ArrayList<>(group.columns());
    sources.addAll(fetched);
    renew(fields(sources), count);
    int inputColumns = group.columns().size();
    for (int column = 0; column < sources.size(); column++) {
      boolean ofInput = column < inputColumns;
      for (int i = 0; i < count; i++) {
        int from = ofInput ? rows[first + i] : Arrays.binarySearch(fetchedKeys, keys[first + i]);
        VectorCopy.copy(sources.get(column), from, output.get(column), i);
      }
    }
    FieldVector distance = output.get(sources.size());
    for (int i = 0; i < count; i++) {
      setDistance(distance, i, distances[first + i]);
    }
    if (rel.form().isNearest()) {
      BigIntVector number = (BigIntVector) output.get(sources.size() + 1);
      for (int i = 0; i < count; i++) {
        number.set(i, numbers[first + i]);
      }
    }
    return finish(count);
  }

  private void setDistance(FieldVector vector, int at, int distance) {
    if (distance == CascadeResult.NULL_DISTANCE) {
      vector.setNull(at);
    } else if (vector instanceof Float8Vector doubles) {
      doubles.set(at, Radius.similarity(distance, width * 8));
    } else {
      ((IntVector) vector).set(at, distance);
    }
  }

  /** Rows of the input without a pair. */
  private @Nullable Batch nextUnmatched() {
    List<Field> fields = new ArrayList<>(fields(group.columns()));
    for (int column : tableColumns) {
      fields.add(StoredColumns.nullable(field(column)));
    }
    renew(fields, context.batchSize());
    int count = 0;
    for (; nextUnmatched < end && count < context.batchSize(); nextUnmatched++) {
      if (!matched.get(nextUnmatched)) {
        for (int column = 0; column < group.columns().size(); column++) {
          VectorCopy.copy(group.columns().get(column), nextUnmatched, output.get(column), count);
        }
        count++;
      }
    }
    return count == 0 ? null : finish(count); // in which what is not set is NULL
  }

  private Field field(int tableColumn) {
    return rel.fingerprintTable().arrowSchema().getFields().get(tableColumn);
  }

  private static List<Field> fields(List<FieldVector> vectors) {
    return vectors.stream().map(FieldVector::getField).toList();
  }

  /** Makes empty output vectors: of the given fields, and of those that the join adds. */
  private void renew(List<Field> copied, int capacity) {
    close(output);
    List<FieldVector> vectors = new ArrayList<>();
    output = vectors;
    List<Field> all = new ArrayList<>(copied);
    for (RelDataTypeField added :
        rel.getRowType().getFieldList().subList(copied.size(), rel.getRowType().getFieldCount())) {
      all.add(ArrowTypes.toArrow(added.getName(), added.getType()));
    }
    for (Field field : all) {
      FieldVector vector = field.createVector(context.allocator());
      vectors.add(vector);
      vector.setInitialCapacity(capacity);
      vector.allocateNew();
    }
  }

  private Batch finish(int count) {
    for (FieldVector vector : output) {
      vector.setValueCount(count);
    }
    return Batch.of(output, count);
  }

  private static void close(List<FieldVector> vectors) {
    vectors.forEach(FieldVector::close);
  }

  @Override
  public void close() {
    close(output);
    close(fetched);
    output = List.of();
    fetched = List.of();
  }
}
