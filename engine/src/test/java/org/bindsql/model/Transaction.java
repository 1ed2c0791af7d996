package org.bindsql.model;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A transaction: the tables it looked at as they were, as they are in it, and those it changed.
 *
 * @param savepoints earlier states, in the order in which they were marked
 */
record Transaction(
    Map<String, Table> seen,
    Map<String, Relation> now,
    Set<String> changed,
    Map<String, State> savepoints) {

  /** What going back brings back. */
  private record State(Map<String, Relation> now, Set<String> changed) {}

  Transaction() {
    this(new HashMap<>(), new HashMap<>(), new HashSet<>(), new LinkedHashMap<>());
  }

  Transaction copy() {
    return new Transaction(
        new HashMap<>(seen),
        new HashMap<>(now),
        new HashSet<>(changed),
        new LinkedHashMap<>(savepoints));
  }

  void savepoint(String name) {
    savepoints.remove(name);
    savepoints.put(name, new State(Map.copyOf(now), Set.copyOf(changed)));
  }

  /** Goes back to a savepoint, which stays; tables looked at since are still as they were then. */
  void rollbackTo(String name) {
    forgetAfter(name);
    State state = savepoints.get(name);
    seen.forEach((table, first) -> now.put(table, first.relation()));
    now.putAll(state.now);
    changed.clear();
    changed.addAll(state.changed);
  }

  void release(String name) {
    forgetAfter(name);
    savepoints.remove(name);
  }

  private void forgetAfter(String name) {
    List<String> names = List.copyOf(savepoints.keySet());
    int at = names.indexOf(name);
    if (at < 0) {
      throw new Refused("3B001");
    }
    names.subList(at + 1, names.size()).forEach(savepoints::remove);
  }
}
