package org.bindsql.schema;

/** Arrays of numbers of the schema sidecar, as raw integers. */
public enum SchemaArray {
  /**
   * Activations, 0 to 65535: reactive, memory, analogy, planning, meta, social, creative, abstract.
   */
  ANI(1664, 8, Width.U16),
  /** Q-values of 16 actions, -127 to 127 for -1 to 1; see {@link Quantiser#q}. */
  Q_VALUES(1792, 16, Width.I8),
  /** Rewards, oldest first, -32767 to 32767 for -1 to 1; see {@link Quantiser#reward}. */
  REWARDS(1808, 8, Width.I16),
  /** STDP spike times, oldest first, wrapping at 65536. */
  SPIKE_TIMES(1824, 8, Width.U16),
  /** Hebbian weights, 0 to 65535 for 0 to 1. */
  HEBBIAN(1840, 8, Width.U16),
  /** DN path, root first; {@link SchemaField#DN_DEPTH} says how many bytes count. */
  DN_PATH(1920, 32, Width.U8),
  /** Neighbour bloom filter, 256 bits; see {@link NeighborBloom}. */
  BLOOM(1952, 32, Width.U8);

  final int offset;
  final int length;
  final Width width;

  SchemaArray(int offset, int length, Width width) {
    this.offset = offset;
    this.length = length;
    this.width = width;
  }

  /** Number of elements. */
  public int length() {
    return length;
  }

  /** Smallest raw value of an element. */
  public int min() {
    return width.min;
  }

  /** Greatest raw value of an element. */
  public int max() {
    return width.max;
  }
}
