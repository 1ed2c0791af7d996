package org.bindsql.functions;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Bodies of the vector algebra: bind, bundle, permute, analogy. */
final class Algebra {
  private Algebra() {}

  /** XOR of all arguments, which have equal lengths. */
  static Object xor(String function, Arguments arguments) {
    MemorySegment first = arguments.bytes(0);
    byte[] result = first.toArray(ValueLayout.JAVA_BYTE);
    for (int i = 1; i < arguments.count(); i++) {
      MemorySegment next = arguments.bytes(i);
      Bits.checkSameLength(function, result.length, next.byteSize());
      xor(result, next, result.length);
    }
    return result;
  }

  /** XOR of words 0-207; the left record's schema words. */
  static Object semanticXor(String function, Arguments arguments) {
    byte[] result = record(function, arguments, 0);
    MemorySegment right = arguments.bytes(1);
    Bits.checkRecord(function, right.byteSize());
    xor(result, right, Bits.SEMANTIC_BYTES);
    return result;
  }

  private static void xor(byte[] result, MemorySegment code, int bytes) {
    MemorySegment target = MemorySegment.ofArray(result);
    int words = bytes & ~7;
    for (int i = 0; i < words; i += 8) {
      target.set(Bits.WORD, i, target.get(Bits.WORD, i) ^ code.get(Bits.WORD, i));
    }
    for (int i = words; i < bytes; i++) {
      result[i] ^= code.get(ValueLayout.JAVA_BYTE, i);
    }
  }

  /** Majority of each bit over all arguments; a tie takes the first argument's bit. */
  static Object bundle(String function, Arguments arguments) {
    MemorySegment first = arguments.bytes(0);
    long[] tie = Words.of(first);
    BitCounter counter = new BitCounter(tie.length);
    counter.add(tie, 1);
    for (int i = 1; i < arguments.count(); i++) {
      MemorySegment next = arguments.bytes(i);
      Bits.checkSameLength(function, first.byteSize(), next.byteSize());
      counter.add(Words.of(next), 1);
    }
    return Words.toBytes(counter.majority(tie), (int) first.byteSize());
  }

  /** Majority over words 0-207; the left record's schema words. */
  static Object semanticBundle(String function, Arguments arguments) {
    for (int i = 0; i < arguments.count(); i++) {
      Bits.checkRecord(function, arguments.bytes(i).byteSize());
    }
    byte[] result = (byte[]) bundle(function, arguments);
    return withSchemaOf(arguments.bytes(0), result);
  }

  /** Rotation left by k bits: bit i becomes bit (i + k) mod n. */
  static Object permute(String function, Arguments arguments) {
    byte[] code = arguments.bytes(0).toArray(ValueLayout.JAVA_BYTE);
    byte[] result = new byte[code.length];
    rotate(code, result, code.length, arguments.integer(1));
    return result;
  }

  /** Rotation of the 13,312 semantic bits; the schema words stay. */
  static Object semanticPermute(String function, Arguments arguments) {
    byte[] record = record(function, arguments, 0);
    byte[] result = record.clone();
    rotate(record, result, Bits.SEMANTIC_BYTES, arguments.integer(1));
    return result;
  }

  private static void rotate(byte[] from, byte[] to, int bytes, long k) {
    if (bytes == 0) {
      return;
    }
    int shift = (int) Math.floorMod(k, 8L * bytes);
    int whole = shift >>> 3;
    int bits = shift & 7;
    for (int i = 0; i < bytes; i++) {
      int low = from[Math.floorMod(i - whole, bytes)] & 0xFF;
      int lower = from[Math.floorMod(i - whole - 1, bytes)] & 0xFF;
      to[i] = (byte) (low << bits | lower >>> 8 - bits);
    }
  }

  static byte[] record(String function, Arguments arguments, int i) {
    MemorySegment record = arguments.bytes(i);
    Bits.checkRecord(function, record.byteSize());
    return record.toArray(ValueLayout.JAVA_BYTE);
  }

  private static byte[] withSchemaOf(MemorySegment record, byte[] result) {
    MemorySegment.copy(
        record,
        ValueLayout.JAVA_BYTE,
        Bits.SEMANTIC_BYTES,
        result,
        Bits.SEMANTIC_BYTES,
        Results.RECORD_BYTES - Bits.SEMANTIC_BYTES);
    return result;
  }
}
