package org.bindsql.rel;

import org.bindsql.cascade.BlockMask;

/** What a search computes from the differing bits of two codes. */
public enum DistanceKind {
  /** INTEGER, number of differing bits; smaller is nearer. */
  HAMMING(BlockMask.ALL),
  /** INTEGER, number of differing bits in words 0 to 207 of a record; smaller is nearer. */
  SEMANTIC(BlockMask.SEMANTIC),
  /** DOUBLE, 1 - differing bits / bits; larger is nearer. */
  SIMILARITY(BlockMask.ALL);

  private final BlockMask mask;

  DistanceKind(BlockMask mask) {
    this.mask = mask;
  }

  /** Bytes that count. */
  public BlockMask mask() {
    return mask;
  }
}
