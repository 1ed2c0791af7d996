package org.bindsql.cascade;

import org.bindsql.vector.Selection;

/**
 * One level of the cascade: a lower bound of the distance, and the rows it cannot rule out.
 *
 * <p>Levels run in order, each over what the one before left. A bound never exceeds the distance,
 * so a row whose bound exceeds tau cannot be in the answer; a row whose bound equals tau can still
 * win by its row key. The last level's bound is the distance itself. Instances are thread-confined.
 */
interface Level {
  /** Name in the counters, such as {@code exact}. */
  String name();

  /**
   * Evaluates the bound at the given rows.
   *
   * @param rows at most {@link CascadeWorker#SLICE_ROWS} rows, none with a NULL fingerprint
   * @param tau greatest bound with which a row stays
   * @param bounds receives the bound of the i-th returned row at i
   * @param counters where the bytes read are reported
   * @return the rows whose bound is at most tau, valid until the next call
   */
  Selection prune(CodeBlock block, Selection rows, int tau, int[] bounds, CascadeCounters counters);
}
