package org.bindsql.functions;

import java.util.Arrays;

/**
 * Weighted sum of bit vectors, one counter per bit position.
 *
 * <p>Counters are bit-sliced: plane p holds bit p of all counters, so adding a vector is a few XORs
 * and ANDs of whole words, and the majority is one comparison of all counters at once.
 */
final class BitCounter {
  private final int words;
  private final long[] carry;
  private long[][] planes = new long[0][];
  private long total;

  /** Counters for vectors of {@code words} 64-bit words, all zero. */
  BitCounter(int words) {
    this.words = words;
    this.carry = new long[words];
  }

  /** Adds {@code weight} to the counter of each set bit; the weight is at least 1. */
  void add(long[] vector, int weight) {
    total += weight;
    int needed = Long.SIZE - Long.numberOfLeadingZeros(total);
    if (planes.length < needed) {
      int old = planes.length;
      planes = Arrays.copyOf(planes, needed);
      for (int p = old; p < needed; p++) {
        planes[p] = new long[words];
      }
    }
    for (int rest = weight; rest != 0; rest &= rest - 1) {
      System.arraycopy(vector, 0, carry, 0, words);
      for (int p = Integer.numberOfTrailingZeros(rest); p < planes.length; p++) {
        addPlane(planes[p], carry);
      }
    }
  }

  private static void addPlane(long[] plane, long[] carry) {
    for (int i = 0; i < plane.length; i++) {
      long sum = plane[i] ^ carry[i];
      carry[i] &= plane[i];
      plane[i] = sum;
    }
  }

  /**
   * The bits whose counter exceeds half of the total weight; where it is exactly half, the bit of
   * {@code tie}.
   */
  long[] majority(long[] tie) {
    long half = total >>> 1;
    long[] greater = new long[words];
    long[] equal = new long[words];
    Arrays.fill(equal, -1);
    for (int p = planes.length - 1; p >= 0; p--) {
      long[] plane = planes[p];
      if ((half >>> p & 1) == 0) {
        for (int i = 0; i < words; i++) {
          greater[i] |= equal[i] & plane[i];
          equal[i] &= ~plane[i];
        }
      } else {
        for (int i = 0; i < words; i++) {
          equal[i] &= plane[i];
        }
      }
    }
    if ((total & 1) == 0) {
      for (int i = 0; i < words; i++) {
        greater[i] |= equal[i] & tie[i];
      }
    }
    return greater;
  }
}
