package org.bindsql.exec;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Counters, and words, that the operators of one statement report, for EXPLAIN ANALYZE. */
public final class Profile {
  private final Map<Integer, Map<String, Long>> counters = new LinkedHashMap<>();
  private final Map<Integer, Map<String, Set<String>>> notes = new LinkedHashMap<>();

  /** Adds to a counter of the operator with the given rel id. */
  public synchronized void add(int operator, String counter, long amount) {
    counters
        .computeIfAbsent(operator, id -> new LinkedHashMap<>())
        .merge(counter, amount, Long::sum);
  }

  /** Notes how the operator with the given rel id did something; the same again adds nothing. */
  public synchronized void note(int operator, String item, String how) {
    notes
        .computeIfAbsent(operator, id -> new LinkedHashMap<>())
        .computeIfAbsent(item, name -> new LinkedHashSet<>())
        .add(how);
  }

  /** What was noted of one operator by item; different notes of repeated runs side by side. */
  public synchronized Map<String, String> notesOf(int operator) {
    Map<String, String> result = new LinkedHashMap<>();
    notes
        .getOrDefault(operator, Map.of())
        .forEach((item, how) -> result.put(item, String.join("; ", how)));
    return result;
  }

  /** Counters of one operator by name, in the order first reported; empty if it reported none. */
  public synchronized Map<String, Long> of(int operator) {
    return new LinkedHashMap<>(counters.getOrDefault(operator, Map.of()));
  }
}
