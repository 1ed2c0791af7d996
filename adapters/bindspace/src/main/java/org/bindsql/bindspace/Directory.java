package org.bindsql.bindspace;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Addresses by distinguished name, in 256 shards of which a writer statement copies those it
 * changes.
 */
final class Directory {
  private static final int SHARDS = 256;

  private final Map<String, Integer>[] shards;
  private final boolean[] owned = new boolean[SHARDS];

  @SuppressWarnings("unchecked")
  Directory() {
    this.shards = new Map[SHARDS];
    for (int i = 0; i < SHARDS; i++) {
      shards[i] = Map.of();
    }
  }

  /** A copy for a writer; shards are copied when first changed. */
  Directory(Directory other) {
    this.shards = other.shards.clone();
  }

  /** Address of a path, or {@link Addresses#NONE}. */
  int find(String path) {
    Integer addr = shards[shard(path)].get(path);
    return addr == null ? Addresses.NONE : addr;
  }

  void put(String path, int addr) {
    own(path).put(path, addr);
  }

  void remove(String path) {
    own(path).remove(path);
  }

  private Map<String, Integer> own(String path) {
    int shard = shard(path);
    if (!owned[shard]) {
      shards[shard] = new HashMap<>(shards[shard]);
      owned[shard] = true;
    }
    return shards[shard];
  }

  private static int shard(String path) {
    return (int) (hash(path) >>> 56);
  }

  /** Address in the node zone where the search for a free slot begins; stable for ever. */
  static int propose(String path) {
    return Zone.NODE.firstAddress() | (int) hash(path) & 0x7FFF;
  }

  /** FNV-1a over UTF-8, then the SplitMix64 finaliser to spread it over all bits. */
  private static long hash(String path) {
    long hash = 0xCBF29CE484222325L;
    for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    hash = (hash ^ hash >>> 30) * 0xBF58476D1CE4E5B9L;
    hash = (hash ^ hash >>> 27) * 0x94D049BB133111EBL;
    return hash ^ hash >>> 31;
  }
}
