package org.bindsql.schema;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Width and signedness of a number in the sidecar; little-endian. */
enum Width {
  U8(1, 0, 0xFF),
  U16(2, 0, 0xFFFF),
  I8(1, -128, 127),
  I16(2, -32768, 32767);

  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  final int bytes;
  final int min;
  final int max;

  Width(int bytes, int min, int max) {
    this.bytes = bytes;
    this.min = min;
    this.max = max;
  }

  int get(MemorySegment segment, long offset) {
    int value =
        bytes == 1 ? segment.get(ValueLayout.JAVA_BYTE, offset) : segment.get(SHORT, offset);
    return min < 0 ? value : value & max;
  }

  void set(MemorySegment segment, long offset, int value) {
    if (bytes == 1) {
      segment.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    } else {
      segment.set(SHORT, offset, (short) value);
    }
  }
}
