package org.bindsql.cascade;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a search did, for EXPLAIN ANALYZE; thread-confined, summed at the end. */
public final class CascadeCounters {
  private final Map<String, Long> values = new LinkedHashMap<>();

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
    add("pruned by " + level, rows);
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
    add("bytes read by " + level, bytes);
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
    add("nanos in " + level, nanos);
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
