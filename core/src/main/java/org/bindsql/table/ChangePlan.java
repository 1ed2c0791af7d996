package org.bindsql.table;

import java.util.List;
import org.apache.calcite.util.ImmutableBitSet;

/**
 * What a statement that changes a {@link ChangeTable} does to the rows its query returns.
 *
 * @param clauses what a row's clause, an index into this list, does to it
 * @param complete whether the query returns all columns of the rows to update, those that stay as
 *     they are included; if not, these are {@link ChangeTable#fetch fetched}
 * @param keys columns in which no two rows to insert may be equal; none if it does not matter
 * @param firstWins whether of rows with equal keys the first is inserted and the others left out,
 *     instead of the statement failing
 */
public record ChangePlan(
    List<Clause> clauses, boolean complete, ImmutableBitSet keys, boolean firstWins) {

  /**
   * What is done to a row.
   *
   * @param action {@link ChangeTable#INSERT}, {@link ChangeTable#UPDATE} or {@link
   *     ChangeTable#DELETE}
   * @param columns positions of the columns that are set, in the table
   */
  public record Clause(int action, ImmutableBitSet columns) {}

  /** Whether some clause updates. */
  public boolean updates() {
    return clauses.stream().anyMatch(clause -> clause.action() == ChangeTable.UPDATE);
  }

  /** The columns that some clause sets. */
  public ImmutableBitSet assigned() {
    return ImmutableBitSet.union(clauses.stream().map(Clause::columns).toList());
  }
}
