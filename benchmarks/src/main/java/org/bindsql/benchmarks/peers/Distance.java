package org.bindsql.benchmarks.peers;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Hamming distances by a plain loop that shares no code with the engine. */
final class Distance {
  private static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED;

  private Distance() {}

  /** A fingerprint's bytes as words of native order. */
  static long[] words(byte[] code) {
    long[] words = new long[code.length / Long.BYTES];
    ByteBuffer.wrap(code).order(ByteOrder.nativeOrder()).asLongBuffer().get(words);
    return words;
  }

  /** Bits that differ between a query and the fingerprint at an offset of a memory. */
  static int between(MemorySegment codes, long offset, long[] query) {
    int sum = 0;
    for (int i = 0; i < query.length; i++) {
      sum += Long.bitCount(codes.get(WORD, offset + (long) i * Long.BYTES) ^ query[i]);
    }
    return sum;
  }
}
