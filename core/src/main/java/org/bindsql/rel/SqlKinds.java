package org.bindsql.rel;

import java.math.BigDecimal;
import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.bindsql.expr.ValueKind;
import org.jspecify.annotations.Nullable;

/** What SQL types mean to batch expressions. */
final class SqlKinds {
  static final ArrowType DOUBLE = new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);

  private SqlKinds() {}

  /** Whether values of the type can be computed in batches. */
  static boolean isSupported(RelDataType type) {
    return of(type) != null;
  }

  /** The domain of a type's values; null if it has none. */
  static @Nullable ValueKind of(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN -> ValueKind.BOOLEAN;
      case TINYINT, SMALLINT, INTEGER, BIGINT, DATE, TIMESTAMP -> ValueKind.LONG;
      case REAL -> ValueKind.FLOAT;
      case FLOAT, DOUBLE -> ValueKind.DOUBLE;
      case CHAR, VARCHAR -> hasOwnOrder(type) ? null : ValueKind.STRING;
      case BINARY, VARBINARY -> ValueKind.BYTES;
      default -> null;
    };
  }

  /** Whether text is compared by a collator rather than by code units. */
  private static boolean hasOwnOrder(RelDataType type) {
    return type.getCollation() != null && type.getCollation().getCollator() != null;
  }

  /** The domain in which Enumerable compares two operands: that of their common type. */
  static @Nullable ValueKind common(List<RexNode> operands, RelDataTypeFactory factory) {
    RelDataType type = factory.leastRestrictive(operands.stream().map(RexNode::getType).toList());
    return type == null ? null : of(type);
  }

  /** The domain in which Enumerable computes, if its result needs no further conversion. */
  static @Nullable ValueKind ofArithmetic(RexCall call, RelDataTypeFactory factory) {
    if (!call.getOperands().stream().allMatch(o -> SqlTypeUtil.isNumeric(o.getType()))) {
      return null;
    }
    SqlTypeName result = call.getType().getSqlTypeName();
    RelDataType common =
        factory.leastRestrictive(call.getOperands().stream().map(RexNode::getType).toList());
    if (common == null) {
      return null;
    }
    return switch (result) {
      case INTEGER, BIGINT ->
          common.getSqlTypeName() == result
                  || (call.getKind() == SqlKind.MOD && of(common) == ValueKind.LONG)
              ? ValueKind.LONG
              : null;
      case REAL, DOUBLE -> common.getSqlTypeName() == result ? of(common) : null;
      default -> null;
    };
  }

  static boolean isNonZeroLiteral(RexNode node) {
    return node instanceof RexLiteral literal
        && literal.getValueAs(Comparable.class) instanceof BigDecimal value
        && value.signum() != 0;
  }

  /** The double nearest to a DECIMAL literal; null if the node is something else. */
  static @Nullable Double decimalAsDouble(RexNode node) {
    return node instanceof RexLiteral literal
            && literal.getType().getSqlTypeName() == SqlTypeName.DECIMAL
            && literal.getValueAs(BigDecimal.class) instanceof BigDecimal value
        ? value.doubleValue()
        : null;
  }

  /** A literal of a supported type in the form of {@link org.bindsql.expr.Column.ScalarColumn}. */
  static @Nullable Object constant(RexLiteral literal) {
    return switch (literal.getType().getSqlTypeName()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class);
      case TINYINT, SMALLINT, INTEGER, DATE -> literal.getValueAs(Integer.class);
      case BIGINT, TIMESTAMP -> literal.getValueAs(Long.class);
      case REAL -> number(literal) instanceof Number n ? (Object) n.floatValue() : null;
      case FLOAT, DOUBLE -> number(literal) instanceof Number n ? (Object) n.doubleValue() : null;
      case CHAR, VARCHAR -> literal.getValueAs(String.class);
      default -> literal.getValueAs(byte[].class);
    };
  }

  private static @Nullable Number number(RexLiteral literal) {
    return (Number) (Object) literal.getValueAs(Comparable.class);
  }

  /** Whether a cast changes no value. */
  static boolean isSameForm(RelDataType from, RelDataType to) {
    SqlTypeName source = from.getSqlTypeName();
    SqlTypeName target = to.getSqlTypeName();
    if (target == SqlTypeName.VARCHAR && SqlTypeUtil.inCharFamily(from)
        || target == SqlTypeName.VARBINARY && SqlTypeUtil.isBinary(from)) {
      int limit = to.getPrecision();
      int length = from.getPrecision();
      return limit == RelDataType.PRECISION_NOT_SPECIFIED
          || length != RelDataType.PRECISION_NOT_SPECIFIED && length <= limit;
    }
    return source == target && from.getPrecision() == to.getPrecision();
  }

  /** Whether {@link org.bindsql.expr.Cast} converts between the types. */
  static boolean isWidening(RelDataType from, RelDataType to) {
    int source = NUMBERS.indexOf(from.getSqlTypeName());
    int target = NUMBERS.indexOf(to.getSqlTypeName());
    return source >= 0 && source < target;
  }

  /** Numeric types, each of which converts to all that follow it. */
  private static final List<SqlTypeName> NUMBERS =
      List.of(
          SqlTypeName.TINYINT,
          SqlTypeName.SMALLINT,
          SqlTypeName.INTEGER,
          SqlTypeName.BIGINT,
          SqlTypeName.REAL,
          SqlTypeName.DOUBLE);
}
