package org.bindsql.model;

import java.util.List;

/**
 * A statement: its SQL, and what it does to the model.
 *
 * <p>Steps are data that fit any state of the model, so that a failing run can be made shorter by
 * leaving steps out.
 */
interface Step {
  String sql();

  /**
   * Does to the model what the statement does to the database; throws {@link Refused} if it must
   * fail.
   */
  Effect apply(Model model, int connection);

  /**
   * What a statement must answer.
   *
   * @param count rows changed
   * @param rows rows returned, as text, or null if it is no query
   * @param ordered whether the rows must come in this order; else they are sorted
   */
  record Effect(long count, List<String> rows, boolean ordered) {
    static Effect changed(long count) {
      return new Effect(count, null, false);
    }

    static Effect rows(List<String> rows) {
      return new Effect(-1, rows.stream().sorted().toList(), false);
    }
  }
}
