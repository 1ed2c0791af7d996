package org.bindsql.functions;

import java.lang.foreign.MemorySegment;

/** Bodies of the distance functions. */
final class Distances {
  private Distances() {}

  static Object hamming(String function, Arguments arguments) {
    MemorySegment a = arguments.bytes(0);
    MemorySegment b = arguments.bytes(1);
    Bits.checkSameLength(function, a.byteSize(), b.byteSize());
    return Bits.hamming(a, 0, b, 0, (int) a.byteSize());
  }

  static Object semantic(String function, Arguments arguments) {
    MemorySegment a = arguments.bytes(0);
    MemorySegment b = arguments.bytes(1);
    Bits.checkRecord(function, a.byteSize());
    Bits.checkRecord(function, b.byteSize());
    return Bits.hamming(a, 0, b, 0, Bits.SEMANTIC_BYTES);
  }

  static Object similarity(String function, Arguments arguments) {
    return similarity((Integer) hamming(function, arguments), (int) arguments.bytes(0).byteSize());
  }

  /** Share of equal bits, 0 to 1; 1 for two codes of no bytes. */
  static double similarity(int distance, int bytes) {
    return bytes == 0 ? 1 : 1 - distance / (8.0 * bytes);
  }

  static Object popcount(String function, Arguments arguments) {
    return arguments.isBinary(0)
        ? Bits.popcount(arguments.bytes(0))
        : Long.bitCount(arguments.integer(0));
  }
}
