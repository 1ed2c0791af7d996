package org.bindsql.rel;

import java.util.Objects;
import org.apache.calcite.plan.Convention;
import org.apache.calcite.plan.RelOptCost;
import org.apache.calcite.rel.RelNode;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.ProfiledReader;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** Relational expression that uses the Arrow calling convention: it opens a reader of batches. */
public interface ArrowRel extends RelNode {
  /** Calling convention of relational expressions that run on Arrow batches. */
  Convention CONVENTION = new Convention.Impl("ARROW", ArrowRel.class);

  /** Cost of a batch operator relative to the same operator a row at a time. */
  double COST_MULTIPLIER = 0.1;

  /** Opens a fresh reader; the caller closes it. */
  BatchReader open(ExecutionContext context);

  /**
   * Opens a reader of an ARROW rel that honours cancellation and reports to the statement's
   * profile; the one way by which rels open their inputs.
   */
  static BatchReader openProfiled(RelNode rel, ExecutionContext context) {
    return new ProfiledReader(((ArrowRel) rel).open(context), rel.getId(), context);
  }

  /** A row operator's cost as that of the same operator on batches. */
  static RelOptCost cheaper(@Nullable RelOptCost cost) {
    return Objects.requireNonNull(cost, "cost").multiplyBy(COST_MULTIPLIER);
  }
}
