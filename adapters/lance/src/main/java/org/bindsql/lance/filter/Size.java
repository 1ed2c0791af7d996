package org.bindsql.lance.filter;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexNode;

/** Size of an expression, measured without recursion. */
final class Size {
  private static final int MAX_DEPTH = 64;

  private record Item(RexNode node, int depth) {}

  private Size() {}

  /** Whether the expression has more nodes than given, or is too deep to walk by recursion. */
  static boolean exceeds(RexNode root, int nodes) {
    int count = 0;
    Deque<Item> open = new ArrayDeque<>();
    open.push(new Item(root, 0));
    while (!open.isEmpty()) {
      Item item = open.pop();
      if (++count > nodes || item.depth() > MAX_DEPTH) {
        return true;
      }
      if (item.node() instanceof RexCall call) {
        call.getOperands().forEach(operand -> open.push(new Item(operand, item.depth() + 1)));
      }
    }
    return false;
  }
}
