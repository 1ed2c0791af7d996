package org.bindsql.rel;

import com.google.common.collect.Range;
import com.google.common.collect.RangeSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.util.Sarg;
import org.bindsql.expr.InList;
import org.bindsql.expr.IsNull;
import org.bindsql.expr.Logical;
import org.bindsql.expr.Not;
import org.bindsql.expr.ValueKind;
import org.bindsql.expr.VectorExpr;
import org.jspecify.annotations.Nullable;

/**
 * IN and NOT IN over lists of constants, which reach us as SEARCH over sets of points.
 *
 * <p>A hash lookup per row in place of one comparison per constant.
 */
final class SargLists {
  private SargLists() {}

  /**
   * The batch form of a SEARCH over points or their complement; null if it is another.
   *
   * @param translate translation of the operand
   */
  static @Nullable VectorExpr translate(
      RexCall search,
      Function<RexNode, @Nullable VectorExpr> translate,
      RexBuilder rexBuilder,
      Field field) {
    RexNode ref = search.getOperands().get(0);
    RexLiteral literal = (RexLiteral) search.getOperands().get(1);
    Sarg<?> sarg = Objects.requireNonNull(literal.getValueAs(Sarg.class));
    ValueKind kind = SqlKinds.common(search.getOperands(), rexBuilder.getTypeFactory());
    if (kind != ValueKind.LONG && kind != ValueKind.STRING) {
      return null;
    }
    boolean complement = sarg.isComplementedPoints();
    if (sarg.pointCount < 2 && !complement) {
      return null;
    }
    if (!sarg.isPoints() && !complement) {
      return null;
    }
    VectorExpr operand = translate.apply(ref);
    Set<Object> values = values(sarg, complement, literal, kind, rexBuilder);
    if (operand == null || values == null) {
      return null;
    }
    VectorExpr list = new InList(operand, kind, values, field);
    return withNulls(sarg, complement ? new Not(list, field) : list, operand, field);
  }

  private static @Nullable Set<Object> values(
      Sarg<?> sarg, boolean complement, RexLiteral literal, ValueKind kind, RexBuilder rexBuilder) {
    RangeSet<?> points = complement ? sarg.rangeSet.complement() : sarg.rangeSet;
    Set<Object> values = new HashSet<>();
    for (Range<?> point : points.asRanges()) {
      RexNode value = rexBuilder.makeLiteral(point.lowerEndpoint(), literal.getType(), true, true);
      if (!(value instanceof RexLiteral constant)) {
        return null;
      }
      switch (SqlKinds.constant(constant)) {
        case Number number when kind == ValueKind.LONG -> values.add(number.longValue());
        case String text when kind == ValueKind.STRING -> values.add(text);
        case null, default -> {
          return null;
        }
      }
    }
    return values;
  }

  /** Gives the condition the value that the Sarg wants for NULL. */
  private static VectorExpr withNulls(
      Sarg<?> sarg, VectorExpr condition, VectorExpr operand, Field field) {
    List<VectorExpr> parts = new ArrayList<>();
    parts.add(new IsNull(operand, sarg.nullAs == RexUnknownAs.FALSE, field));
    parts.add(condition);
    return switch (sarg.nullAs) {
      case UNKNOWN -> condition;
      case TRUE -> new Logical(false, parts, field);
      case FALSE -> new Logical(true, parts, field);
    };
  }
}
