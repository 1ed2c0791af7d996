package org.bindsql.rel;

/** What the planner's context tells searches for EXPLAIN. */
@FunctionalInterface
public interface Recall {
  /** Smallest share of the true answer that searches have to find, above 0 and at most 1. */
  double recall();
}
