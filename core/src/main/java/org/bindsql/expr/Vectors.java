package org.bindsql.expr;

import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.Batch;

/** Allocation of result vectors. */
final class Vectors {
  private Vectors() {}

  /** A vector for all rows of the batch, every value NULL. */
  static FieldVector allocate(Field field, Batch batch, ExecutionContext context) {
    FieldVector vector = field.createVector(context.allocator());
    try {
      vector.setInitialCapacity(batch.rowCount());
      vector.allocateNew();
      vector.setValueCount(batch.rowCount());
      return vector;
    } catch (Throwable e) {
      vector.close();
      throw e;
    }
  }

  static BitVector bits(Field field, Batch batch, ExecutionContext context) {
    return (BitVector) allocate(field, batch, context);
  }
}
