package org.bindsql.cascade;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Positions of the bits that a sketch of codes of one width samples: random, without replacement,
 * the same for ever, since sketches are stored.
 *
 * <p>Codes chosen without knowledge of the positions see a uniformly random sample; that is what
 * the bounds of the recall mode rest on.
 */
final class SketchPositions {
  /** Name of the positions: to be changed with anything that changes them. */
  static final String NAME = "HDR1";

  private static final long SEED = 0x48_44_52_31L;
  private static final ConcurrentHashMap<Integer, SketchPositions> BY_WIDTH =
      new ConcurrentHashMap<>();

  /** Bit positions in the order of the sketch's bits; ascending within each half. */
  private final int[] positions;

  private SketchPositions(int width) {
    int bits = width * Byte.SIZE;
    this.positions = new int[Sketch.halves(width) * Sketch.HALF_BITS];
    SplittableRandom random = new SplittableRandom(SEED + width);
    BitSet drawn = new BitSet(bits);
    for (int i = 0; i < positions.length; ) {
      int position = random.nextInt(bits);
      if (!drawn.get(position)) {
        drawn.set(position);
        positions[i++] = position;
      }
    }
    for (int from = 0; from < positions.length; from += Sketch.HALF_BITS) {
      Arrays.sort(positions, from, from + Sketch.HALF_BITS);
    }
  }

  static SketchPositions of(int width) {
    return BY_WIDTH.computeIfAbsent(width, SketchPositions::new);
  }

  /** 64 sampled bits of a code. */
  long word(int half, int word, MemorySegment code, long at) {
    int first = half * Sketch.HALF_BITS + word * Long.SIZE;
    long bits = 0;
    for (int i = 0; i < Long.SIZE; i++) {
      int position = positions[first + i];
      int value = code.get(ValueLayout.JAVA_BYTE, at + (position >>> 3));
      bits |= (value >>> (position & 7) & 1L) << i;
    }
    return bits;
  }

  /** Which of 64 sampled bits are among the first {@code bytes} bytes of a code. */
  long wordMask(int half, int word, int bytes) {
    int first = half * Sketch.HALF_BITS + word * Long.SIZE;
    long mask = 0;
    for (int i = 0; i < Long.SIZE; i++) {
      if (positions[first + i] < bytes * Byte.SIZE) {
        mask |= 1L << i;
      }
    }
    return mask;
  }
}
