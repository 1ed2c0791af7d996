package org.bindsql.bindspace;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.SmallIntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** Writing of single values to Arrow vectors; null leaves the row NULL. */
final class Cells {
  private Cells() {}

  static void setBoolean(FieldVector vector, int row, boolean value) {
    ((BitVector) vector).set(row, value ? 1 : 0);
  }

  static void setShort(FieldVector vector, int row, int value) {
    ((SmallIntVector) vector).set(row, value);
  }

  static void setInt(FieldVector vector, int row, int value) {
    ((IntVector) vector).set(row, value);
  }

  static void setPointer(FieldVector vector, int row, int addr) {
    if (addr != Addresses.NONE) {
      ((IntVector) vector).set(row, addr);
    }
  }

  static void setLong(FieldVector vector, int row, long value) {
    ((BigIntVector) vector).set(row, value);
  }

  static void setText(FieldVector vector, int row, @Nullable String value) {
    if (value != null) {
      ((VarCharVector) vector).setSafe(row, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  static void setBytes(FieldVector vector, int row, byte @Nullable [] value) {
    if (value != null) {
      ((VarBinaryVector) vector).setSafe(row, value);
    }
  }

  /** Copies the part of a fingerprint that begins at {@code from} and fills the vector's width. */
  static void setCode(FieldVector vector, int row, Chunk chunk, int slot, int from) {
    int width = ((FixedSizeBinaryVector) vector).getByteWidth();
    long address = vector.getDataBuffer().memoryAddress() + (long) row * width;
    MemorySegment target = MemorySegment.ofAddress(address).reinterpret(width);
    chunk.codes.codes().read(slot, from, width, target, 0);
    BitVectorHelper.setBit(vector.getValidityBuffer(), row);
  }
}
