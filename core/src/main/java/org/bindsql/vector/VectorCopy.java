package org.bindsql.vector;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.NullVector;

/** Copies of values between vectors of the same type. */
public final class VectorCopy {
  private VectorCopy() {}

  /** Copies one value, NULL included, growing the target. */
  public static void copy(FieldVector source, int from, FieldVector target, int to) {
    if (!(source instanceof NullVector)) { // which has nothing to copy, and no way to
      target.copyFromSafe(from, to, source);
    }
  }

  /**
   * Fills a vector with the selected values of another, sharing its memory if they are contiguous.
   */
  static void share(FieldVector source, Selection rows, FieldVector target) {
    if (rows.isRange()) {
      source.makeTransferPair(target).splitAndTransfer(rows.from(), rows.count());
      return;
    }
    target.setInitialCapacity(rows.count());
    target.allocateNew();
    for (int i = 0; i < rows.count(); i++) {
      copy(source, rows.position(i), target, i);
    }
    target.setValueCount(rows.count());
  }

  /** Empty vectors of the same fields with room for {@code capacity} values; the caller closes. */
  public static List<FieldVector> emptyLike(
      List<FieldVector> vectors, int capacity, BufferAllocator allocator) {
    List<FieldVector> created = new ArrayList<>(vectors.size());
    try {
      for (FieldVector vector : vectors) {
        FieldVector empty = vector.getField().createVector(allocator);
        created.add(empty);
        empty.setInitialCapacity(capacity);
        empty.allocateNew();
      }
    } catch (Throwable e) {
      created.forEach(FieldVector::close);
      throw e;
    }
    return created;
  }
}
