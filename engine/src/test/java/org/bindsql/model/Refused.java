package org.bindsql.model;

import java.util.Set;
import java.util.TreeSet;

/** The model's expectation that a statement fails, with one of some SQLStates. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Set<String> states;

  Refused(String... states) {
    this(Set.of(states));
  }

  Refused(Set<String> states) {
    super("expected SQLState " + states);
    this.states = states;
  }

  /** The same, or another SQLState. */
  Refused or(String state) {
    Set<String> more = new TreeSet<>(states);
    more.add(state);
    return new Refused(more);
  }

  Set<String> states() {
    return states;
  }
}
