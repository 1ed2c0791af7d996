package org.bindsql.bindspace;

/** Range of prefixes with a common life cycle. */
public enum Zone {
  /** Vocabulary of operations and verbs, 0x0000 to 0x0FFF; its first twelve prefixes are fixed. */
  SURFACE("surface", 0x00, 0x10),
  /** Working memory, 0x1000 to 0x7FFF. */
  FLUID("fluid", 0x10, 0x80),
  /** Persistent concepts, 0x8000 to 0xFFFF. */
  NODE("node", 0x80, 0x100);

  /** First prefix of the surface that may be written; those before it are set by code. */
  static final int FIRST_WRITABLE_PREFIX = 0x0C;

  private final String sqlName;
  private final int fromPrefix;
  private final int toPrefix;

  Zone(String sqlName, int fromPrefix, int toPrefix) {
    this.sqlName = sqlName;
    this.fromPrefix = fromPrefix;
    this.toPrefix = toPrefix;
  }

  /** The zone of an address, 0 to 65535. */
  public static Zone of(int addr) {
    int prefix = addr >>> 8;
    return prefix >= NODE.fromPrefix ? NODE : prefix >= FLUID.fromPrefix ? FLUID : SURFACE;
  }

  /** Value of the SQL column {@code zone}. */
  public String sqlName() {
    return sqlName;
  }

  /** First address of the zone. */
  public int firstAddress() {
    return fromPrefix << 8;
  }

  /** Last address of the zone. */
  public int lastAddress() {
    return (toPrefix << 8) - 1;
  }

  /** First prefix of the zone. */
  int fromPrefix() {
    return fromPrefix;
  }

  /** End (exclusive) of the zone's prefixes. */
  int toPrefix() {
    return toPrefix;
  }

  /** First prefix of the zone in which a write without an address may land. */
  int firstFreePrefix() {
    return this == SURFACE ? FIRST_WRITABLE_PREFIX : fromPrefix;
  }
}
