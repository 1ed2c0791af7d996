package org.bindsql.bindspace;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float4Vector;

/** Columns read from the schema sidecar inside the fingerprint; NULL where there is no schema. */
final class SidecarCells {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final int VERSION = 2;
  private static final int MAGIC = 0x48D2;
  private static final int ANI_AT = 1664;
  private static final int ANI_LEVELS = 8;
  private static final int FREQUENCY_AT = 1680;
  private static final int CONFIDENCE_AT = 1682;
  private static final int MAGIC_AT = 1789;
  private static final int VERSION_AT = 1791;

  private SidecarCells() {}

  static void setFrequency(FieldVector vector, int row, Chunk chunk, int slot) {
    setFraction(vector, row, chunk, slot, FREQUENCY_AT);
  }

  static void setConfidence(FieldVector vector, int row, Chunk chunk, int slot) {
    setFraction(vector, row, chunk, slot, CONFIDENCE_AT);
  }

  static void setDominant(FieldVector vector, int row, Chunk chunk, int slot) {
    if (!hasSchema(chunk, slot)) {
      return;
    }
    int best = 0;
    for (int level = 1; level < ANI_LEVELS; level++) {
      if (u16(chunk, slot, ANI_AT + 2 * level) > u16(chunk, slot, ANI_AT + 2 * best)) {
        best = level;
      }
    }
    if (u16(chunk, slot, ANI_AT + 2 * best) > 0) {
      Cells.setShort(vector, row, best);
    }
  }

  static void setVersion(FieldVector vector, int row, Chunk chunk, int slot) {
    if (hasSchema(chunk, slot)) {
      Cells.setShort(vector, row, VERSION);
    }
  }

  private static void setFraction(FieldVector vector, int row, Chunk chunk, int slot, int at) {
    if (hasSchema(chunk, slot)) {
      ((Float4Vector) vector).set(row, (float) (u16(chunk, slot, at) / 65535.0));
    }
  }

  private static boolean hasSchema(Chunk chunk, int slot) {
    MemorySegment codes = chunk.codes.segment();
    long base = (long) slot * CodeBuffer.WIDTH;
    return codes.get(ValueLayout.JAVA_BYTE, base + VERSION_AT) == VERSION
        && u16(chunk, slot, MAGIC_AT) == MAGIC;
  }

  private static int u16(Chunk chunk, int slot, int at) {
    return chunk.codes.segment().get(U16, (long) slot * CodeBuffer.WIDTH + at) & 0xFFFF;
  }
}
