package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.bindsql.expr.Call;
import org.bindsql.expr.ColumnRef;
import org.bindsql.expr.Literal;
import org.bindsql.expr.Parameter;
import org.bindsql.expr.VectorExpr;
import org.bindsql.expr.VectorFunction;
import org.bindsql.type.ArrowTypes;

/**
 * Translation of scalar expressions into batch expressions.
 *
 * <p>What it cannot translate with exactly the meaning that Calcite's Enumerable convention gives
 * it yields an empty result, never an exception.
 */
public final class RexCompiler {
  private RexCompiler() {}

  /**
   * The batch form of an expression over the columns of a batch, where {@code RexInputRef(i)} is
   * column i; empty if some part of it has none.
   */
  public static Optional<VectorExpr> compile(RexNode node, RexBuilder rexBuilder) {
    return switch (node) {
      case RexInputRef ref when isSupported(ref.getType()) ->
          Optional.of(
              new ColumnRef(ref.getIndex(), ArrowTypes.toArrow(ref.getName(), ref.getType())));
      case RexDynamicParam parameter when isSupported(parameter.getType()) ->
          Optional.of(
              new Parameter(
                  parameter.getIndex(),
                  ArrowTypes.toArrow(parameter.getName(), parameter.getType())));
      case RexLiteral literal when isSupported(literal.getType()) -> compileLiteral(literal);
      case RexCall call when isSupported(call.getType()) -> compileCall(call, rexBuilder);
      default -> Optional.empty();
    };
  }

  private static Optional<VectorExpr> compileLiteral(RexLiteral literal) {
    Object value =
        switch (literal.getType().getSqlTypeName()) {
          case BOOLEAN -> literal.getValueAs(Boolean.class);
          case TINYINT, SMALLINT, INTEGER, DATE -> literal.getValueAs(Integer.class);
          case BIGINT, TIMESTAMP -> literal.getValueAs(Long.class);
          case REAL -> literal.getValueAs(Float.class);
          case DOUBLE -> literal.getValueAs(Double.class);
          case CHAR, VARCHAR -> literal.getValueAs(String.class);
          default -> literal.getValueAs(byte[].class);
        };
    return Optional.of(new Literal(value, ArrowTypes.toArrow("literal", literal.getType())));
  }

  private static Optional<VectorExpr> compileCall(RexCall call, RexBuilder rexBuilder) {
    if (!(call.getOperator() instanceof VectorOperator operator)) {
      return Optional.empty();
    }
    List<RelDataType> types = call.getOperands().stream().map(RexNode::getType).toList();
    VectorFunction function = operator.vectorFunction(types);
    if (function == null) {
      return Optional.empty();
    }
    List<VectorExpr> operands = new ArrayList<>();
    for (RexNode operand : call.getOperands()) {
      Optional<VectorExpr> compiled = compile(operand, rexBuilder);
      if (compiled.isEmpty()) {
        return Optional.empty();
      }
      operands.add(compiled.get());
    }
    return Optional.of(
        new Call(
            function, operands, ArrowTypes.toArrow(call.getOperator().getName(), call.getType())));
  }

  /** Whether values of the type can be computed in batches. */
  static boolean isSupported(RelDataType type) {
    return switch (type.getSqlTypeName()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE -> true;
      case CHAR, VARCHAR, BINARY, VARBINARY, DATE, TIMESTAMP -> true;
      default -> false;
    };
  }
}
