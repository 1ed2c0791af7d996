package org.bindsql.table;

import java.util.List;
import org.apache.calcite.rex.RexNode;

/**
 * Outcome of offering a conjunction to a table.
 *
 * @param accepted conjuncts that the table's scan applies fully
 * @param remainder conjuncts that stay above the scan
 */
public record PushDown(List<RexNode> accepted, List<RexNode> remainder) {
  /** Nothing accepted. */
  public static PushDown nothing(List<RexNode> conjuncts) {
    return new PushDown(List.of(), List.copyOf(conjuncts));
  }
}
