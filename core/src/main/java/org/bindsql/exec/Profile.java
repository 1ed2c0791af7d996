package org.bindsql.exec;

import java.util.LinkedHashMap;
import java.util.Map;

/** Counters that the operators of one statement report, for EXPLAIN ANALYZE. */
public final class Profile {
  private final Map<Integer, Map<String, Long>> counters = new LinkedHashMap<>();

  /** Adds to a counter of the operator with the given rel id. */
  public synchronized void add(int operator, String counter, long amount) {
    counters
        .computeIfAbsent(operator, id -> new LinkedHashMap<>())
        .merge(counter, amount, Long::sum);
  }

  /** Counters of one operator by name, in the order first reported; empty if it reported none. */
  public synchronized Map<String, Long> of(int operator) {
    return new LinkedHashMap<>(counters.getOrDefault(operator, Map.of()));
  }
}
