package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Bit operations on codes: a code of n bytes has 8n bits, words are little-endian. */
final class Bits {
  static final ValueLayout.OfLong WORD =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Bytes of a record's semantic words 0-207. */
  static final int SEMANTIC_BYTES = 1664;

  private Bits() {}

  /** Number of bits in which two codes of {@code bytes} bytes differ. */
  static int hamming(MemorySegment a, long aFrom, MemorySegment b, long bFrom, int bytes) {
    int words = bytes & ~7;
    int distance = 0;
    for (int i = 0; i < words; i += 8) {
      distance += Long.bitCount(a.get(WORD, aFrom + i) ^ b.get(WORD, bFrom + i));
    }
    for (int i = words; i < bytes; i++) {
      distance +=
          Integer.bitCount(
              (a.get(ValueLayout.JAVA_BYTE, aFrom + i) ^ b.get(ValueLayout.JAVA_BYTE, bFrom + i))
                  & 0xFF);
    }
    return distance;
  }

  /** Number of bits set. */
  static int popcount(MemorySegment code) {
    int bytes = (int) code.byteSize();
    int words = bytes & ~7;
    int count = 0;
    for (int i = 0; i < words; i += 8) {
      count += Long.bitCount(code.get(WORD, i));
    }
    for (int i = words; i < bytes; i++) {
      count += Integer.bitCount(code.get(ValueLayout.JAVA_BYTE, i) & 0xFF);
    }
    return count;
  }

  static void checkSameLength(String function, long a, long b) {
    if (a != b) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "%s: codes differ in length: %d and %d bytes".formatted(function, a, b));
    }
  }

  static void checkRecord(String function, long bytes) {
    if (bytes != Results.RECORD_BYTES) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "%s: fingerprint has %d bytes, expected %d"
              .formatted(function, bytes, Results.RECORD_BYTES));
    }
  }
}
