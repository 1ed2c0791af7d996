package org.bindsql.rel;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.calcite.rex.RexNode;
import org.bindsql.cascade.CascadeResult;
import org.bindsql.exec.ExecutionContext;

/**
 * Order by the response of a distance, greatest first: {@code mexican_hat(d, e, i, s)} is {@code 1
 * - d/e} below the excitation e, so there, and where all responses beyond are at most 0, the
 * nearest rows are those with the greatest response. If a search finds others, they are sorted by
 * response.
 *
 * @param arguments constants e, i and s; empty for those that the function assumes
 * @param otherwise ARROW rel with the fields of the search: the answer by sorting all rows
 */
public record DistanceResponse(List<RexNode> arguments, ArrowRel otherwise) {
  private static final double DEFAULT_EXCITATION = 2000; // as mexican_hat has it

  public DistanceResponse {
    arguments = List.copyOf(arguments);
  }

  /** Whether the distances found are all of positive responses, and none beyond is greater. */
  boolean isOfNearest(CascadeResult result, ConstantCode constants, ExecutionContext context) {
    double excitation = DEFAULT_EXCITATION;
    if (!arguments.isEmpty()) {
      double[] values = new double[arguments.size()];
      for (int i = 0; i < values.length; i++) {
        Number value = QueryValues.number("MEXICAN_HAT", arguments.get(i), constants, context);
        if (value == null) {
          return false;
        }
        values[i] = value.doubleValue();
      }
      excitation = values[0];
      boolean valid =
          excitation > 0
              && values[1] > excitation
              && Double.isFinite(values[1])
              && values[2] >= 0
              && Double.isFinite(values[2]);
      if (!valid) {
        return false; // the function knows what to say of it
      }
    }
    for (int distance : result.distances()) {
      if (distance >= excitation) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return "mexican_hat("
        + arguments.stream().map(RexNode::toString).collect(Collectors.joining(", "))
        + ")";
  }
}
