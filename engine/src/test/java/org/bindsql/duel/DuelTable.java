package org.bindsql.duel;

import java.util.ArrayList;
import java.util.List;

/**
 * A table, and what is known of its rows while one writer changes it: a state is announced before
 * the statement that brings it about, so that who reads the newest rows meets one of the states
 * between the last one known to be committed when it began and the last one announced when it
 * ended.
 */
final class DuelTable {
  /** The rows in the order of their row keys, which breaks ties; version is 0 if not known. */
  record State(List<Row> rows, long version) {}

  private final String name;
  private final int width;
  private final List<State> states = new ArrayList<>();
  private int committed;

  DuelTable(String name, int width, List<Row> rows, long version) {
    this.name = name;
    this.width = width;
    states.add(new State(rows, version));
  }

  String name() {
    return name;
  }

  int width() {
    return width;
  }

  boolean isBindSpace() {
    return name.startsWith("bindspace.");
  }

  /** The least id that a row may have. */
  int firstId() {
    return name.equals("bindspace.nodes") ? 0x8000 : isBindSpace() ? 0x1000 : 0;
  }

  String id() {
    return isBindSpace() ? "addr" : "id";
  }

  String code() {
    return isBindSpace() ? "fingerprint" : "code";
  }

  String bucket() {
    return isBindSpace() ? "qidx" : "bucket";
  }

  String tag() {
    return isBindSpace() ? "label" : "tag";
  }

  /** Number of the last state that is known to be committed. */
  synchronized int committed() {
    return committed;
  }

  synchronized State state(int number) {
    return states.get(number);
  }

  synchronized State current() {
    return states.get(committed);
  }

  /** The states from a number to the last that was announced. */
  synchronized List<State> since(int number) {
    return List.copyOf(states.subList(number, states.size()));
  }

  /** The states of which the version is known. */
  synchronized List<State> versions() {
    return states.stream().filter(state -> state.version > 0).toList();
  }

  synchronized void announce(List<Row> rows) {
    states.add(new State(rows, 0));
  }

  /** The state announced last is committed. */
  synchronized void commit(long version) {
    committed = states.size() - 1;
    states.set(committed, new State(states.get(committed).rows, version));
  }

  /** The state announced last is not to be: the one before it stays. */
  synchronized void withdraw() {
    states.add(states.get(committed));
    committed = states.size() - 1;
  }
}
