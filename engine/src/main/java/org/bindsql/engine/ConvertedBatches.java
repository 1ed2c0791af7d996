package org.bindsql.engine;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.type.CellReader;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.BatchReader;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * Batches with some columns in other Arrow types of the same SQL type: lists as lists of a fixed
 * size, numbers as narrower ones. A value that does not fit is an error.
 */
final class ConvertedBatches implements BatchReader {
  private final BatchReader source;
  private final List<@Nullable FieldVector> converted;
  private final BufferAllocator allocator;

  private ConvertedBatches(
      BatchReader source, List<@Nullable FieldVector> converted, BufferAllocator allocator) {
    this.source = source;
    this.converted = converted;
    this.allocator = allocator;
  }

  /**
   * The batches of a reader with other columns; the reader itself if none has another type.
   *
   * @param from columns of the reader
   * @param to as many columns
   * @param parent of the allocator of the vectors made
   */
  static BatchReader of(BatchReader source, Schema from, Schema to, BufferAllocator parent) {
    List<@Nullable FieldVector> converted = new ArrayList<>();
    BufferAllocator allocator = parent.newChildAllocator("conversion", 0, Long.MAX_VALUE);
    boolean any = false;
    for (int i = 0; i < to.getFields().size(); i++) {
      Field wanted = to.getFields().get(i);
      boolean same = sameType(from.getFields().get(i), wanted);
      converted.add(same ? null : wanted.createVector(allocator));
      any |= !same;
    }
    if (!any) {
      allocator.close();
      return source;
    }
    return new ConvertedBatches(source, converted, allocator);
  }

  private static boolean sameType(Field from, Field to) {
    return from.getType().equals(to.getType())
        && (from.getType() instanceof ArrowType.Struct
            || from.getChildren().size() == to.getChildren().size())
        && sameTypes(from.getChildren(), to.getChildren());
  }

  private static boolean sameTypes(List<Field> from, List<Field> to) {
    boolean same = from.size() == to.size();
    for (int i = 0; same && i < from.size(); i++) {
      same = sameType(from.get(i), to.get(i));
    }
    return same;
  }

  @Override
  public @Nullable Batch next() {
    Batch batch = source.next();
    if (batch == null) {
      return null;
    }
    List<FieldVector> columns = new ArrayList<>(batch.columns());
    for (int i = 0; i < columns.size(); i++) {
      FieldVector to = converted.get(i);
      if (to != null) {
        convert(columns.get(i), to, batch.selection());
        columns.set(i, to);
      }
    }
    return new Batch(columns, batch.rowCount(), batch.selection());
  }

  /** Positions that are not selected stay NULL, or zero, and are not read. */
  private static void convert(FieldVector from, FieldVector to, Selection selection) {
    to.reset();
    to.setInitialCapacity(from.getValueCount());
    to.allocateNew();
    CellReader reader = CellReader.of(from);
    CellWriter writer = CellWriter.of(to);
    for (int i = 0; i < selection.count(); i++) {
      int row = selection.position(i);
      writer.set(row, reader.get(row));
    }
    to.setValueCount(from.getValueCount());
  }

  @Override
  public void close() {
    try (allocator) {
      for (FieldVector vector : converted) {
        if (vector != null) {
          vector.close();
        }
      }
    } finally {
      source.close();
    }
  }
}
