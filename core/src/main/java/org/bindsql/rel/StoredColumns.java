package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.bindsql.type.CellReader;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Selection;

/**
 * Columns made to be stored, in the exact Arrow types of a table; owned until the next are made.
 *
 * <p>An expression's vector has the type that its SQL type maps to; the table's may differ: a
 * 32-bit length where it has 64, milliseconds where it has microseconds.
 */
final class StoredColumns implements AutoCloseable {
  private final BufferAllocator allocator;
  private final List<FieldVector> made = new ArrayList<>();

  StoredColumns(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  /** The same field, nullable. */
  static Field nullable(Field field) {
    FieldType type = new FieldType(true, field.getType(), null, field.getMetadata());
    return new Field(field.getName(), type, field.getChildren());
  }

  /** Whether values of one field can be stored as they are in the other. */
  static boolean isSame(Field from, Field to) {
    List<Field> parts = from.getChildren();
    if (!from.getType().equals(to.getType()) || parts.size() != to.getChildren().size()) {
      return false;
    }
    for (int i = 0; i < parts.size(); i++) {
      Field part = to.getChildren().get(i);
      if (!isSame(parts.get(i), part) || (parts.get(i).isNullable() && !part.isNullable())) {
        return false;
      }
    }
    return true;
  }

  /** The vector itself if it can be stored in the field, else its selected values in a new one. */
  FieldVector as(Field field, FieldVector vector, int rowCount, Selection rows) {
    if (isSame(vector.getField(), field)) {
      return vector;
    }
    FieldVector stored = create(field, rowCount);
    CellReader reader = CellReader.of(vector);
    CellWriter writer = CellWriter.of(stored);
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      writer.set(row, reader.get(row));
    }
    stored.setValueCount(rowCount);
    return stored;
  }

  /** An empty vector. */
  FieldVector create(Field field, int capacity) {
    FieldVector vector = field.createVector(allocator);
    made.add(vector);
    vector.setInitialCapacity(capacity);
    vector.allocateNew();
    return vector;
  }

  /** Frees the vectors made. */
  @Override
  public void close() {
    made.forEach(FieldVector::close);
    made.clear();
  }
}
