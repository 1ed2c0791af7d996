package org.bindsql.cascade;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What a search did, for EXPLAIN ANALYZE; thread-confined, summed at the end. */
public final class CascadeCounters {
  private static final Map<String, OfLevel> LEVELS = new ConcurrentHashMap<>();

  private final Map<String, Long> values = new LinkedHashMap<>();

  /** Names of a level's counters, made once: levels count several times per stripe. */
  private record OfLevel(String pruned, String bytes, String nanos) {
    static OfLevel of(String level) {
      return LEVELS.computeIfAbsent(
          level,
          name -> new OfLevel("pruned by " + name, "bytes read by " + name, "nanos in " + name));
    }
  }

  CascadeCounters() {
    values.put("candidates", 0L);
    values.put("rejected by predicate", 0L);
    values.put("null fingerprints", 0L);
  }

  /** Rows offered by the source, after the filter it applied itself. */
  void candidates(long rows) {
    add("candidates", rows);
  }

  /** Rows that the remaining predicates rejected. */
  void rejected(long rows) {
    add("rejected by predicate", rows);
  }

  /** Rows that passed the predicates and have no fingerprint. */
  void nulls(long rows) {
    add("null fingerprints", rows);
  }

  /** Rows ruled out by the bound of a level before the last. */
  void pruned(String level, long rows) {
    add(OfLevel.of(level).pruned, rows);
  }

  /** Rows whose distance was wanted, and computed. */
  void exact(long rows) {
    add("exact", rows);
  }

  /** Rows that were not wanted but read, because they lay between rows that were. */
  void passing(long rows) {
    add("read in passing", rows);
  }

  /** Bytes of fingerprints, or of what stands for them, that a level read. */
  void read(String level, long bytes) {
    add(OfLevel.of(level).bytes, bytes);
  }

  /**
   * Rows whose distances were computed to bound the k-th distance, before the pass for the answer.
   */
  void seeds(long rows) {
    add("seeds", rows);
  }

  /** Rows whose fingerprints were not in memory and had to be read. */
  void fetched(long rows) {
    add("fetched", rows);
  }

  /** Time that a level took, summed over the threads. */
  void nanos(String level, long nanos) {
    add(OfLevel.of(level).nanos, nanos);
  }

  private void add(String counter, long amount) {
    values.merge(counter, amount, Long::sum);
  }

  void addAll(CascadeCounters other) {
    other.values.forEach(this::add);
  }

  /** The counters by name: rows, except those named bytes and nanos. */
  public Map<String, Long> values() {
    return new LinkedHashMap<>(values);
  }
}
