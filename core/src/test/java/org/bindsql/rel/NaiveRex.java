package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.function.Function1;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexExecutorImpl;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * Expressions a row at a time: the truth tables of SQL and the comparisons of floating-point
 * numbers written out, and Calcite's generated code for what they connect.
 *
 * <p>Generated code for a whole condition is no oracle, because it is simplified first: {@code x <>
 * x} becomes "NULL if x is NULL, else false", whereas NaN differs from itself in Java, and some
 * simplifications of 1.42.0 are wrong (CALCITE-7619).
 */
final class NaiveRex {
  private final RexNode node;
  private final List<RexNode> leaves = new ArrayList<>();
  private final Function1<DataContext, @Nullable Object @Nullable []> code;
  private @Nullable Object[] values = {};

  NaiveRex(RexNode node, RelDataType rowType, RexBuilder rex) {
    this.node = node;
    collect(node);
    List<RexNode> all = new ArrayList<>(leaves);
    all.add(node);
    this.code = RexExecutorImpl.getExecutable(rex, all, rowType).getFunction();
  }

  private static boolean isBoolean(RexNode node) {
    return node.getType().getSqlTypeName() == SqlTypeName.BOOLEAN;
  }

  /** Whether the node connects conditions. */
  private static boolean connects(RexNode node) {
    return node instanceof RexCall call
        && isBoolean(call)
        && call.getOperands().stream().allMatch(NaiveRex::isBoolean);
  }

  /** Whether the node compares two numbers of one floating-point type. */
  private static boolean comparesFloats(RexNode node) {
    return node.isA(SqlKind.COMPARISON)
        && node instanceof RexCall call
        && SqlTypeName.APPROX_TYPES.contains(call.getOperands().get(0).getType().getSqlTypeName())
        && call.getOperands().get(0).getType().getSqlTypeName()
            == call.getOperands().get(1).getType().getSqlTypeName();
  }

  private void collect(RexNode part) {
    if (connects(part) || comparesFloats(part)) {
      ((RexCall) part).getOperands().forEach(this::collect);
    } else {
      leaves.add(part);
    }
  }

  /** Value for the row that the variables hold; null for NULL. */
  @Nullable Object value(DataContext variables) {
    values = Objects.requireNonNull(code.apply(variables));
    return isBoolean(node) ? truth(node, new int[1]) : values[0];
  }

  /** What generated code for the whole expression says of the row last evaluated. */
  @Nullable Object generated() {
    return values[leaves.size()];
  }

  /**
   * Truth of a condition; null if it is unknown.
   *
   * @param next number of the next leaf, from left to right
   */
  private @Nullable Boolean truth(RexNode part, int[] next) {
    if (comparesFloats(part)) {
      Number left = (Number) values[next[0]++];
      Number right = (Number) values[next[0]++];
      return left == null || right == null
          ? null
          : compare((RexCall) part, left.doubleValue(), right.doubleValue());
    }
    if (!connects(part)) {
      return (Boolean) values[next[0]++];
    }
    RexCall call = (RexCall) part;
    List<@Nullable Boolean> operands = new ArrayList<>();
    for (RexNode operand : call.getOperands()) {
      operands.add(truth(operand, next));
    }
    Boolean first = operands.getFirst();
    return switch (call.getKind()) {
      case AND -> operands.contains(false) ? Boolean.FALSE : operands.contains(null) ? null : true;
      case OR -> operands.contains(true) ? Boolean.TRUE : operands.contains(null) ? null : false;
      case NOT -> first == null ? null : !first;
      case IS_TRUE -> Boolean.TRUE.equals(first);
      case IS_NOT_TRUE -> !Boolean.TRUE.equals(first);
      case IS_FALSE -> Boolean.FALSE.equals(first);
      case IS_NOT_FALSE -> !Boolean.FALSE.equals(first);
      case IS_NULL -> first == null;
      case IS_NOT_NULL -> first != null;
      default -> {
        Boolean second = operands.get(1);
        yield first == null || second == null ? null : compare(call, first ? 1 : 0, second ? 1 : 0);
      }
    };
  }

  private static boolean compare(RexCall call, double left, double right) {
    return switch (call.getKind()) {
      case EQUALS -> left == right;
      case NOT_EQUALS -> left != right;
      case LESS_THAN -> left < right;
      case LESS_THAN_OR_EQUAL -> left <= right;
      case GREATER_THAN -> left > right;
      case GREATER_THAN_OR_EQUAL -> left >= right;
      default -> throw new IllegalArgumentException("no comparison: " + call);
    };
  }
}
