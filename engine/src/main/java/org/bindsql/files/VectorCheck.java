package org.bindsql.files;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.util.ValueVectorUtility;

/**
 * The check that a vector read from a file stays within its buffers: native code that the vector
 * may be handed to does not look.
 *
 * <p>Arrow's own check does the same but does not know all types.
 */
final class VectorCheck {
  private VectorCheck() {}

  /**
   * Checks a vector and what is inside it.
   *
   * @throws IllegalArgumentException if it is damaged
   */
  static void check(FieldVector vector) {
    int values = vector.getValueCount();
    switch (vector) {
      case BitVector v -> require(v, v.getDataBuffer(), (values + 7L) / 8);
      case BaseFixedWidthVector v ->
          require(v, v.getDataBuffer(), (long) values * v.getTypeWidth());
      case BaseVariableWidthVector v ->
          offsets(v, v.getOffsetBuffer(), values, v.getDataBuffer().capacity());
      case BaseLargeVariableWidthVector v ->
          largeOffsets(v, v.getOffsetBuffer(), values, v.getDataBuffer().capacity());
      case ListVector v -> {
        offsets(v, v.getOffsetBuffer(), values, v.getDataVector().getValueCount());
        check(v.getDataVector());
      }
      case LargeListVector v -> {
        largeOffsets(v, v.getOffsetBuffer(), values, v.getDataVector().getValueCount());
        check(v.getDataVector());
      }
      case FixedSizeListVector v -> {
        if ((long) values * v.getListSize() > v.getDataVector().getValueCount()) {
          throw damaged(v);
        }
        check(v.getDataVector());
      }
      case StructVector v -> {
        for (FieldVector child : v.getChildrenFromFields()) {
          if (child.getValueCount() < values) {
            throw damaged(v);
          }
          check(child);
        }
      }
      default -> ValueVectorUtility.validateFull(vector);
    }
    if (vector.getField().isNullable() && !vector.getFieldBuffers().isEmpty() && values > 0) {
      require(vector, vector.getValidityBuffer(), (values + 7L) / 8);
    }
  }

  private static void require(FieldVector vector, ArrowBuf buffer, long bytes) {
    if (buffer.capacity() < bytes) {
      throw damaged(vector);
    }
  }

  private static void offsets(FieldVector vector, ArrowBuf offsets, int values, long end) {
    if (values == 0) {
      return;
    }
    require(vector, offsets, 4L * (values + 1));
    int last = offsets.getInt(0);
    boolean sound = last >= 0;
    for (int i = 1; i <= values; i++) {
      int next = offsets.getInt(4L * i);
      sound &= next >= last;
      last = next;
    }
    if (!sound || last > end) {
      throw damaged(vector);
    }
  }

  private static void largeOffsets(FieldVector vector, ArrowBuf offsets, int values, long end) {
    if (values == 0) {
      return;
    }
    require(vector, offsets, 8L * (values + 1));
    long last = offsets.getLong(0);
    boolean sound = last >= 0;
    for (int i = 1; i <= values; i++) {
      long next = offsets.getLong(8L * i);
      sound &= next >= last;
      last = next;
    }
    if (!sound || last > end) {
      throw damaged(vector);
    }
  }

  private static IllegalArgumentException damaged(FieldVector vector) {
    return new IllegalArgumentException(
        "column '" + vector.getName() + "' leads out of its buffers");
  }
}
