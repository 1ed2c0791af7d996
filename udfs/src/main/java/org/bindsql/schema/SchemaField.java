package org.bindsql.schema;

/** Single numbers of the schema sidecar, version 2, as raw integers. */
public enum SchemaField {
  /** NARS frequency, 0 to 65535 for 0 to 1; see {@link Quantiser#unit}. */
  FREQUENCY(1680, Width.U16),
  /** NARS confidence, 0 to 65528 for 0 to 0.9999; see {@link Quantiser#confidence}. */
  CONFIDENCE(1682, Width.U16),
  /** Budget priority, 0 to 65535 for 0 to 1. */
  PRIORITY(1684, Width.U16),
  /** Budget durability, 0 to 65535 for 0 to 1. */
  DURABILITY(1686, Width.U16),
  /** Budget quality, 0 to 65535 for 0 to 1; lost in version 1. */
  QUALITY(1696, Width.U16),
  /** Edge verb, 0 to 143, or 255 for a custom one. */
  EDGE_VERB(1688, Width.U8),
  /** Edge direction: 0 undirected, 1 forward, 2 reverse, 3 both. */
  EDGE_DIRECTION(1689, Width.U8),
  /** Edge weight, 0 to 255. */
  EDGE_WEIGHT(1690, Width.U8),
  /** Edge flags: bit 0 temporal, 1 causal, 2 hierarchical, 3 associative. */
  EDGE_FLAGS(1691, Width.U8),
  /**
   * Node kind: 0 entity, 1 concept, 2 event, 3 rule, 4 goal, 5 query, 6 hypothesis, 7 observation.
   */
  NODE_KIND(1692, Width.U8),
  /** Node subtype, 0 to 255. */
  NODE_SUBTYPE(1693, Width.U8),
  /** Hash of the node's provenance. */
  PROVENANCE(1694, Width.U16),
  /** Number of bytes of the DN path, 0 to 32; lost in version 1. */
  DN_DEPTH(1698, Width.U8),
  /** PageRank, in units of the application's choice. */
  PAGERANK(1984, Width.U16),
  /** Hops to the root, 0 to 255. */
  HOP_TO_ROOT(1986, Width.U8),
  /** Cluster number. */
  CLUSTER_ID(1987, Width.U16),
  /** Degree, 255 for 255 and more. */
  DEGREE(1989, Width.U8),
  /** In-degree, 255 for 255 and more. */
  IN_DEGREE(1990, Width.U8),
  /** Out-degree, 255 for 255 and more. */
  OUT_DEGREE(1991, Width.U8);

  final int offset;
  final Width width;

  SchemaField(int offset, Width width) {
    this.offset = offset;
    this.width = width;
  }

  /** Smallest raw value. */
  public int min() {
    return width.min;
  }

  /** Greatest raw value. */
  public int max() {
    return width.max;
  }
}
