package org.bindsql.cascade;

/** Part of each fingerprint that a distance counts; the bytes outside it do not matter. */
public enum BlockMask {
  /** Every bit: {@code hamming_distance} and {@code similarity}. */
  ALL(Integer.MAX_VALUE),
  /** Words 0 to 207 of a 2,048-byte record, the first 1,664 bytes: {@code semantic_distance}. */
  SEMANTIC(1664);

  /** Bytes of a record, the one width for which {@link #SEMANTIC} means anything. */
  public static final int RECORD_BYTES = 2048;

  private final int bytes;

  BlockMask(int bytes) {
    this.bytes = bytes;
  }

  /** Number of leading bytes that count in a fingerprint of the given width. */
  public int bytes(int width) {
    return Math.min(bytes, width);
  }

  /** Whether distances under this mask are defined for fingerprints of the given width. */
  public boolean accepts(int width) {
    return this == ALL || width == RECORD_BYTES;
  }
}
