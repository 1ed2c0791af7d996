package org.bindsql.schema;

/** The SplitMix64 generator: its finaliser, and the stream of words of a seed. */
public final class SplitMix64 {
  /** Added to the state before each word. */
  public static final long INCREMENT = 0x9E3779B97F4A7C15L;

  private SplitMix64() {}

  /** The finaliser. */
  public static long mix(long state) {
    long z = (state ^ (state >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** Fills {@code words} with the first words of the seed's stream. */
  public static void fill(long seed, long[] words) {
    long state = seed;
    for (int i = 0; i < words.length; i++) {
      state += INCREMENT;
      words[i] = mix(state);
    }
  }
}
