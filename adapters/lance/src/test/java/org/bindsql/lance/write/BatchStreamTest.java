package org.bindsql.lance.write;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Batches of rows on their way to Lance. */
class BatchStreamTest {
  private static final int ROWS = 100;

  /** Every third value is NULL. */
  private static List<FieldVector> columns(BufferAllocator allocator) {
    BigIntVector number = new BigIntVector("number", allocator);
    VarCharVector text = new VarCharVector("text", allocator);
    BitVector flag = new BitVector("flag", allocator);
    for (int i = 0; i < ROWS; i++) {
      if (i % 3 == 0) {
        number.setNull(i);
        text.setNull(i);
        flag.setNull(i);
      } else {
        number.setSafe(i, i * 10_000_000_000L);
        text.setSafe(i, "x".repeat(i % 7).getBytes(StandardCharsets.UTF_8));
        flag.setSafe(i, i % 2);
      }
    }
    List<FieldVector> columns = List.of(number, text, flag);
    columns.forEach(column -> column.setValueCount(ROWS));
    return columns;
  }

  @Test
  void handsOnTheSelectedRows() throws Exception {
    try (BufferAllocator allocator = new RootAllocator()) {
      List<FieldVector> columns = columns(allocator);
      List<Batch> batches =
          List.of(
              Batch.of(columns, ROWS),
              new Batch(columns, ROWS, Selection.range(0, 0)),
              new Batch(columns, ROWS, Selection.range(16, 33)),
              new Batch(columns, ROWS, Selection.range(17, ROWS)),
              new Batch(columns, ROWS, Selection.list(new int[] {2, 3, 50}, 3)));
      Schema schema = new Schema(columns.stream().map(FieldVector::getField).toList());
      try (BatchStream stream = new BatchStream(allocator, schema, reader(batches))) {
        for (Batch batch : batches) {
          if (batch.selection().isEmpty()) {
            continue;
          }
          assertTrue(stream.loadNextBatch());
          assertEquals(values(batch), values(stream.getVectorSchemaRoot()));
        }
        assertFalse(stream.loadNextBatch());
        assertEquals(ROWS + 17 + 83 + 3, stream.rows());
      }
      columns.forEach(FieldVector::close);
    }
  }

  private static List<@Nullable Object> values(Batch batch) {
    List<@Nullable Object> values = new ArrayList<>();
    for (FieldVector column : batch.columns()) {
      for (int i = 0; i < batch.selection().count(); i++) {
        values.add(String.valueOf(column.getObject(batch.selection().position(i))));
      }
    }
    return values;
  }

  private static List<@Nullable Object> values(VectorSchemaRoot root) {
    return values(Batch.of(root.getFieldVectors(), root.getRowCount()));
  }

  private static BatchReader reader(List<Batch> batches) {
    Iterator<Batch> rest = batches.iterator();
    return new BatchReader() {
      @Override
      public @Nullable Batch next() {
        return rest.hasNext() ? rest.next() : null;
      }

      @Override
      public void close() {}
    };
  }
}
