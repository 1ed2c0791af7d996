package org.bindsql.lance.write;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseFixedWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.complex.FixedSizeListVector;

/** Copies of many values in a row between vectors of one type, by their memory. */
final class RangeCopy {
  private RangeCopy() {}

  /**
   * Fills an empty vector with some values of another.
   *
   * @param count at least 1
   * @return false if it is of a type for which there is no such copy
   */
  static boolean copy(FieldVector source, int from, int count, FieldVector target) {
    if (source instanceof BitVector) {
      return false;
    }
    if (source instanceof BaseFixedWidthVector s && target instanceof BaseFixedWidthVector t) {
      int width = s.getTypeWidth();
      t.allocateNew(count);
      t.getDataBuffer().setBytes(0, s.getDataBuffer(), (long) from * width, (long) count * width);
      copyValidity(s, from, count, t.getValidityBuffer());
      t.setValueCount(count);
      return true;
    }
    if (source instanceof BaseVariableWidthVector s
        && target instanceof BaseVariableWidthVector t) {
      copyVariable(s, from, count, t);
      return true;
    }
    if (source instanceof FixedSizeListVector s && target instanceof FixedSizeListVector t) {
      int size = s.getListSize();
      t.allocateNew();
      while (t.getValueCapacity() < count) {
        t.reAlloc();
      }
      copyValidity(s, from, count, t.getValidityBuffer());
      boolean copied =
          size > 0 && copy(s.getDataVector(), from * size, count * size, t.getDataVector());
      if (copied) {
        t.setValueCount(count);
      }
      return copied;
    }
    return false;
  }

  private static void copyVariable(
      BaseVariableWidthVector source, int from, int count, BaseVariableWidthVector target) {
    ArrowBuf offsets = source.getOffsetBuffer();
    int start = offsets.getInt(4L * from);
    int end = offsets.getInt(4L * (from + count));
    target.allocateNew((long) end - start, count);
    target.getDataBuffer().setBytes(0, source.getDataBuffer(), start, (long) end - start);
    ArrowBuf to = target.getOffsetBuffer();
    for (int i = 0; i <= count; i++) {
      to.setInt(4L * i, offsets.getInt(4L * (from + i)) - start);
    }
    copyValidity(source, from, count, target.getValidityBuffer());
    target.setLastSet(count - 1);
    target.setValueCount(count);
  }

  private static void copyValidity(FieldVector source, int from, int count, ArrowBuf target) {
    int bytes = (count + 7) / 8;
    if (source.getNullCount() == 0) {
      target.setOne(0, bytes);
    } else if (from % 8 == 0) {
      target.setBytes(0, source.getValidityBuffer(), from / 8, bytes);
    } else {
      target.setZero(0, bytes);
      for (int i = 0; i < count; i++) {
        if (!source.isNull(from + i)) {
          BitVectorHelper.setBit(target, i);
        }
      }
    }
  }
}
