package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Codes as little-endian words; a last incomplete word is padded with zeros. */
final class Words {
  private Words() {}

  static long[] of(MemorySegment code) {
    int bytes = (int) code.byteSize();
    long[] words = new long[(bytes + 7) >>> 3];
    int whole = bytes >>> 3;
    for (int i = 0; i < whole; i++) {
      words[i] = code.get(Bits.WORD, 8L * i);
    }
    for (int i = 8 * whole; i < bytes; i++) {
      words[whole] |= (code.get(ValueLayout.JAVA_BYTE, i) & 0xFFL) << 8 * (i & 7);
    }
    return words;
  }

  static byte[] toBytes(long[] words, int bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long word : words) {
      buffer.putLong(word);
    }
    return bytes == buffer.capacity() ? buffer.array() : Arrays.copyOf(buffer.array(), bytes);
  }
}
