package org.bindsql.engine.run;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableNestedLoopJoin;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.core.Correlate;
import org.apache.calcite.rel.core.Join;
import org.apache.calcite.rel.core.RepeatUnion;
import org.bindsql.rel.HdrCascadeJoinRows;

/** Places {@link Probe}s in a physical plan, so that every loop of it can be cancelled. */
public final class Probes {
  private Probes() {}

  /**
   * Returns the plan with probes above what can loop for long without asking anybody: sources,
   * joins, correlations and recursion, and below joins, whose inputs may be sorted first.
   *
   * @param everywhere whether every row-at-a-time operator gets one, to be counted
   */
  public static RelNode insert(RelNode rel, boolean everywhere) {
    if (rel.getConvention() != EnumerableConvention.INSTANCE) {
      return rel;
    }
    boolean loops = rel instanceof Join || rel instanceof Correlate || rel instanceof RepeatUnion;
    List<RelNode> inputs = new ArrayList<>();
    for (RelNode input : rel.getInputs()) {
      RelNode probed = insert(input, everywhere);
      // A nested loop enumerates its right input anew for each row of the left one.
      boolean again = rel instanceof EnumerableNestedLoopJoin && !inputs.isEmpty();
      if (again || (loops && !(probed instanceof Probe))) {
        probed =
            probed instanceof Probe probe
                ? new Probe(probe.getInput(), probe.operator(), again)
                : new Probe(probed, input.getId(), again);
      }
      inputs.add(probed);
    }
    RelNode copy = inputs.equals(rel.getInputs()) ? rel : rel.copy(rel.getTraitSet(), inputs);
    if (copy instanceof HdrCascadeJoinRows join) {
      copy = join.reportingAs(rel.getId());
    }
    return everywhere || loops || inputs.isEmpty() ? new Probe(copy, rel.getId(), false) : copy;
  }
}
