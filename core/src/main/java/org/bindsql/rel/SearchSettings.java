package org.bindsql.rel;

import org.apache.calcite.plan.RelOptCluster;
import org.bindsql.exec.SearchOrder;

/**
 * What the planner's context tells searches for EXPLAIN; each run asks its own context.
 *
 * @param recall smallest share of the true answer that searches have to find, above 0 and at most 1
 * @param order what searches with a filter look for first
 */
public record SearchSettings(double recall, SearchOrder order) {
  /** Exact, and in the order that is estimated to cost less. */
  public static final SearchSettings DEFAULT = new SearchSettings(1, SearchOrder.AUTO);

  /** What is set where a plan is made, for readers of the plan: each run asks its own context. */
  static SearchSettings of(RelOptCluster cluster) {
    SearchSettings set = cluster.getPlanner().getContext().unwrap(SearchSettings.class);
    return set == null ? DEFAULT : set;
  }
}
