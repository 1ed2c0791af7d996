package org.bindsql.duel;

import java.util.HashSet;
import java.util.Set;
import org.bindsql.duel.Search.Answer;

/** What was compared so far; owned by one thread. */
final class Tally {
  private long cases;
  private long reference;
  private long duck;
  private long wanted;
  private long lost;
  private double allowed;

  long cases() {
    return cases;
  }

  void add() {
    cases++;
  }

  void reference() {
    reference++;
  }

  void duck() {
    duck++;
  }

  /**
   * Whether rows are an answer where a share of it may be lost: rows that could come, each once, in
   * their order, none too many.
   */
  boolean accepts(Answer answer, java.util.List<String> found, double recall) {
    Set<String> rows = new HashSet<>(found);
    java.util.List<String> possible = answer.possible();
    if (possible == null
        || rows.size() < found.size()
        || found.size() > answer.rows().size()
        || !new HashSet<>(possible).containsAll(rows)) {
      return false;
    }
    if (answer.ordered() && !possible.stream().filter(rows::contains).toList().equals(found)) {
      return false;
    }
    wanted += answer.rows().size();
    lost += answer.rows().stream().filter(row -> !rows.contains(row)).count();
    allowed += answer.rows().size() * (1 - recall);
    return true;
  }

  /** Whether no greater share of the answers was lost than may be. */
  boolean recallHolds() {
    return lost <= allowed + 4 * Math.sqrt(allowed) + 4;
  }

  @Override
  public String toString() {
    return "%d cases, %d more with the reference planner, %d more with DuckDB; with a recall below 1, %d of %d rows were lost, %.0f might be"
        .formatted(cases - reference - duck, reference, duck, lost, wanted, allowed);
  }
}
