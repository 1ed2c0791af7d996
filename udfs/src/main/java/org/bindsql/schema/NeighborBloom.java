package org.bindsql.schema;

/**
 * The 256-bit filter of neighbour ids in words 244-247: three bits per id.
 *
 * <p>A hit means "possibly a neighbour", a miss "definitely not". With h the SplitMix64 finaliser
 * of id + 0x9E3779B97F4A7C15, lo its low 32 bits and hi its high 32 bits with bit 0 set, bit j is
 * the top 8 bits of the 32-bit value lo + j * hi, j = 0, 1, 2.
 */
public final class NeighborBloom {
  private static final int BITS_PER_ID = 3;

  private NeighborBloom() {}

  /** The three bit numbers of an id, 0 to 255, not necessarily distinct. */
  public static int[] bits(long id) {
    long hash = SplitMix64.mix(id + SplitMix64.INCREMENT);
    int low = (int) hash;
    int high = (int) (hash >>> 32) | 1;
    int[] bits = new int[BITS_PER_ID];
    for (int j = 0; j < BITS_PER_ID; j++) {
      bits[j] = (low + j * high) >>> 24;
    }
    return bits;
  }

  /** Adds an id. */
  public static void add(SchemaSidecar sidecar, long id) {
    for (int bit : bits(id)) {
      int old = sidecar.get(SchemaArray.BLOOM, bit >>> 3);
      sidecar.set(SchemaArray.BLOOM, bit >>> 3, old | 1 << (bit & 7));
    }
  }

  /** Whether an id may have been added. */
  public static boolean mightContain(SchemaSidecar sidecar, long id) {
    for (int bit : bits(id)) {
      if ((sidecar.get(SchemaArray.BLOOM, bit >>> 3) & 1 << (bit & 7)) == 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Estimated number of ids added, {@code -(256 / 3) ln(1 - X / 256)} for X set bits; infinite when
   * all are set.
   */
  public static double cardinality(SchemaSidecar sidecar) {
    int set = 0;
    for (int i = 0; i < SchemaArray.BLOOM.length(); i++) {
      set += Integer.bitCount(sidecar.get(SchemaArray.BLOOM, i));
    }
    return set == 0 ? 0 : -(256.0 / BITS_PER_ID) * Math.log1p(-set / 256.0);
  }
}
