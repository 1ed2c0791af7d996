package org.bindsql.rules;

import org.apache.calcite.rel.type.RelDataType;
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
    if (!(conjunct instanceof RexCall comparison) || comparison.getOperands().size() != 2) {
      return null;
    }
    SqlKind kind = comparison.getKind();
    RexNode left = comparison.getOperands().get(0);
    RexNode right = comparison.getOperands().get(1);
    RadiusConjunct found = of(left, kind, right, table);
    return found != null ? found : of(right, kind.reverse(), left, table);
  }

  private static @Nullable RadiusConjunct of(
      RexNode measure, SqlKind kind, RexNode value, FingerprintTable table) {
    DistanceCall distance = DistanceCall.of(withoutCast(measure), table);
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

  /** A comparison with a number of another type casts the distance, which every such type holds. */
  private static RexNode withoutCast(RexNode measure) {
    if (measure.getKind() != SqlKind.CAST) {
      return measure;
    }
    RexNode operand = ((RexCall) measure).getOperands().getFirst();
    RelDataType type = measure.getType();
    boolean exact =
        operand.getType().getSqlTypeName() == SqlTypeName.INTEGER
            && switch (type.getSqlTypeName()) {
              case INTEGER, BIGINT, DOUBLE -> true;
              case DECIMAL -> type.getPrecision() - type.getScale() >= 10;
              default -> false;
            };
    return exact ? operand : measure;
  }
}
