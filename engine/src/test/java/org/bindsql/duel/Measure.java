package org.bindsql.duel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** What a search orders by: a function of two codes, computed here a word at a time. */
enum Measure {
  HAMMING("hamming_distance"),
  SEMANTIC("semantic_distance"),
  SIMILARITY("similarity");

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  /** Bytes of a record that {@code semantic_distance} looks at. */
  static final int SEMANTIC_BYTES = 1_664;

  final String function;

  Measure(String function) {
    this.function = function;
  }

  /** Number of differing bits; null if a code is. */
  @Nullable Integer distance(byte @Nullable [] a, byte @Nullable [] b) {
    if (a == null || b == null) {
      return null;
    }
    int sum = 0;
    int bytes = bytes(a.length);
    int i = 0;
    for (; i + Long.BYTES <= bytes; i += Long.BYTES) {
      sum += Long.bitCount((long) WORD.get(a, i) ^ (long) WORD.get(b, i));
    }
    for (; i < bytes; i++) {
      sum += Integer.bitCount((a[i] ^ b[i]) & 0xFF);
    }
    return sum;
  }

  int bytes(int width) {
    return this == SEMANTIC ? SEMANTIC_BYTES : width;
  }

  /** What SQL gives for a distance. */
  Number value(int distance, int width) {
    return this == SIMILARITY ? (Number) (1.0 - distance / (8.0 * width)) : (Number) distance;
  }

  /** As a column of an answer. */
  String shown(@Nullable Integer distance, int width) {
    return distance == null ? "null" : value(distance, width).toString();
  }

  /** The direction of ORDER BY that puts the nearest first. */
  String direction() {
    return this == SIMILARITY ? "DESC" : "ASC";
  }

  /** The comparison that accepts what is near. */
  String within(boolean strict) {
    return (this == SIMILARITY ? ">" : "<") + (strict ? "" : "=");
  }

  /** The order by distance, the nearest first. */
  static Comparator<@Nullable Integer> nearestFirst(boolean nullsFirst) {
    Comparator<Integer> natural = Comparator.naturalOrder();
    return nullsFirst ? Comparator.nullsFirst(natural) : Comparator.nullsLast(natural);
  }
}
