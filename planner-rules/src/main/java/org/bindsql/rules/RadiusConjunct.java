package org.bindsql.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.calcite.plan.RelOptUtil;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.bindsql.rel.DistanceKind;
import org.bindsql.rel.RadiusBound;
import org.bindsql.table.FingerprintTable;
import org.jspecify.annotations.Nullable;

/**
 * Conjunct that bounds a distance from above, or a similarity from below, by a constant.
 *
 * @param isWhole whether the bound says all that the conjunct says; it does not for {@code distance
 *     = 5}, which bounds the other side too
 */
record RadiusConjunct(DistanceCall distance, RadiusBound bound, boolean isWhole) {

  /** The conjunct as a bound, or null if it is none. */
  static @Nullable RadiusConjunct of(RexNode conjunct, FingerprintTable table) {
    return of(conjunct, table, RexUtil::isConstant);
  }

  /**
   * Like {@link #of(RexNode, FingerprintTable)}, for queries of another kind than constants.
   *
   * @param isQuery as of {@link DistanceCall}
   */
  static @Nullable RadiusConjunct of(
      RexNode conjunct, FingerprintTable table, Predicate<RexNode> isQuery) {
    if (!(conjunct instanceof RexCall comparison) || comparison.getOperands().size() != 2) {
      return null;
    }
    SqlKind kind = comparison.getKind();
    RexNode left = comparison.getOperands().get(0);
    RexNode right = comparison.getOperands().get(1);
    RadiusConjunct found = of(left, kind, right, table, isQuery);
    return found != null ? found : of(right, kind.reverse(), left, table, isQuery);
  }

  /** The conjuncts, with BETWEEN and the like on a distance taken apart. */
  static List<RexNode> expand(
      List<RexNode> conjuncts,
      RexBuilder rexBuilder,
      FingerprintTable table,
      Predicate<RexNode> isQuery) {
    List<RexNode> result = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      List<RexNode> parts =
          RelOptUtil.conjunctions(RexUtil.expandSearch(rexBuilder, null, conjunct));
      boolean bounds = parts.stream().anyMatch(part -> of(part, table, isQuery) != null);
      result.addAll(bounds ? parts : List.of(conjunct));
    }
    return result;
  }

  private static @Nullable RadiusConjunct of(
      RexNode measure,
      SqlKind kind,
      RexNode value,
      FingerprintTable table,
      Predicate<RexNode> isQuery) {
    DistanceCall distance = DistanceCall.of(withoutCast(measure), table, isQuery);
    if (distance == null
        || !RexUtil.isConstant(value)
        || !RexUtil.isDeterministic(value)
        || !SqlTypeUtil.isNumeric(value.getType())) {
      return null;
    }
    boolean similarity = distance.kind() == DistanceKind.SIMILARITY;
    boolean strict = kind == (similarity ? SqlKind.GREATER_THAN : SqlKind.LESS_THAN);
    boolean inclusive =
        kind == (similarity ? SqlKind.GREATER_THAN_OR_EQUAL : SqlKind.LESS_THAN_OR_EQUAL);
    boolean equal = kind == SqlKind.EQUALS;
    return strict || inclusive || equal
        ? new RadiusConjunct(
            distance,
            new RadiusBound(similarity, strict, value),
            !equal || isNearest(similarity, value))
        : null;
  }

  /** Whether the value is the one that no row can be nearer than. */
  private static boolean isNearest(boolean similarity, RexNode value) {
    return value instanceof RexLiteral literal
        && RexLiteral.numberValue(literal) instanceof Number number
        && number.doubleValue() == (similarity ? 1 : 0);
  }

  /**
   * A comparison with a number of another type casts the distance, perhaps twice, to types that
   * hold it.
   */
  private static RexNode withoutCast(RexNode measure) {
    RexNode operand = measure;
    while (operand.getKind() == SqlKind.CAST && holdsDistances(operand.getType())) {
      operand = ((RexCall) operand).getOperands().getFirst();
    }
    return operand.getType().getSqlTypeName() == SqlTypeName.INTEGER ? operand : measure;
  }

  private static boolean holdsDistances(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case INTEGER, BIGINT, DOUBLE -> true;
      case DECIMAL -> type.getPrecision() - type.getScale() >= 10;
      default -> false;
    };
  }
}
