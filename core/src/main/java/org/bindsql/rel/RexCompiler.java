package org.bindsql.rel;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.bindsql.expr.Arithmetic;
import org.bindsql.expr.BatchPredicate;
import org.bindsql.expr.Call;
import org.bindsql.expr.Cast;
import org.bindsql.expr.ColumnRef;
import org.bindsql.expr.Compare;
import org.bindsql.expr.IsNull;
import org.bindsql.expr.IsTruth;
import org.bindsql.expr.Literal;
import org.bindsql.expr.Logical;
import org.bindsql.expr.Not;
import org.bindsql.expr.Parameter;
import org.bindsql.expr.Predicates;
import org.bindsql.expr.ValueKind;
import org.bindsql.expr.VectorExpr;
import org.bindsql.expr.VectorFunction;
import org.bindsql.type.ArrowTypes;
import org.jspecify.annotations.Nullable;

/**
 * Translation of scalar expressions into batch expressions.
 *
 * <p>What it cannot translate with exactly the meaning that Calcite's Enumerable convention gives
 * it yields an empty result, never an exception.
 */
public final class RexCompiler {
  private final RexBuilder rexBuilder;

  private RexCompiler(RexBuilder rexBuilder) {
    this.rexBuilder = rexBuilder;
  }

  /**
   * The batch form of an expression over the columns of a batch, where {@code RexInputRef(i)} is
   * column i; empty if some part of it has none.
   */
  public static Optional<VectorExpr> compile(RexNode node, RexBuilder rexBuilder) {
    return Optional.ofNullable(new RexCompiler(rexBuilder).translate(node));
  }

  /** The batch form of a projected expression: like {@link #compile}, and any column. */
  public static Optional<VectorExpr> compileProjection(RexNode node, RexBuilder rexBuilder) {
    return node instanceof RexInputRef ref
        ? Optional.of(anyColumn(ref))
        : compile(node, rexBuilder);
  }

  /** A column that is passed on or tested for NULL, but not computed with. */
  private static ColumnRef anyColumn(RexInputRef ref) {
    return new ColumnRef(ref.getIndex(), Field.nullable(ref.getName(), ArrowType.Null.INSTANCE));
  }

  /** The batch form of a condition; empty if some part of it has none. */
  public static Optional<BatchPredicate> compilePredicate(
      RexNode condition, RexBuilder rexBuilder) {
    return compile(condition, rexBuilder).map(Predicates::of);
  }

  /**
   * The conjunction of conditions, each in batch form if it has one, else a row at a time.
   *
   * @param rowType names and types of the batch's columns
   */
  public static BatchPredicate predicate(
      List<RexNode> conjuncts, RelDataType rowType, RexBuilder rexBuilder) {
    List<BatchPredicate> parts = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      parts.add(
          compilePredicate(conjunct, rexBuilder)
              .orElseGet(() -> new RowPredicate(conjunct, rowType, rexBuilder)));
    }
    return Predicates.and(parts);
  }

  private @Nullable VectorExpr translate(RexNode node) {
    return switch (node) {
      case RexInputRef ref when SqlKinds.isSupported(ref.getType()) ->
          new ColumnRef(ref.getIndex(), ArrowTypes.toArrow(ref.getName(), ref.getType()));
      case RexDynamicParam parameter when SqlKinds.isSupported(parameter.getType()) ->
          new Parameter(
              parameter.getIndex(), ArrowTypes.toArrow(parameter.getName(), parameter.getType()));
      case RexLiteral literal when SqlKinds.isSupported(literal.getType()) ->
          new Literal(SqlKinds.constant(literal), ArrowTypes.toArrow("literal", literal.getType()));
      case RexCall call when SqlKinds.isSupported(call.getType()) -> translateCall(call);
      default -> null;
    };
  }

  /** All or nothing. */
  private @Nullable List<VectorExpr> translateAll(List<RexNode> nodes) {
    List<VectorExpr> translated = new ArrayList<>(nodes.size());
    for (RexNode node : nodes) {
      VectorExpr expression = translate(node);
      if (expression == null) {
        return null;
      }
      translated.add(expression);
    }
    return translated;
  }

  private @Nullable VectorExpr translateCall(RexCall call) {
    if (call.getOperator() instanceof VectorOperator operator) {
      List<RelDataType> types = call.getOperands().stream().map(RexNode::getType).toList();
      return translateFunction(call, operator.vectorFunction(types));
    }
    return switch (call.getKind()) {
      case EQUALS -> compare(call, Compare.Operator.EQ);
      case NOT_EQUALS -> compare(call, Compare.Operator.NE);
      case LESS_THAN -> compare(call, Compare.Operator.LT);
      case LESS_THAN_OR_EQUAL -> compare(call, Compare.Operator.LE);
      case GREATER_THAN -> compare(call, Compare.Operator.GT);
      case GREATER_THAN_OR_EQUAL -> compare(call, Compare.Operator.GE);
      case AND -> logical(call, true);
      case OR -> logical(call, false);
      case NOT -> {
        VectorExpr operand = translate(operand(call, 0));
        yield operand == null ? null : new Not(operand, field(call));
      }
      case IS_NULL -> nullTest(call, false);
      case IS_NOT_NULL -> nullTest(call, true);
      case IS_TRUE -> truthTest(call, true, false);
      case IS_NOT_TRUE -> truthTest(call, true, true);
      case IS_FALSE -> truthTest(call, false, false);
      case IS_NOT_FALSE -> truthTest(call, false, true);
      case SEARCH -> {
        VectorExpr list = SargLists.translate(call, this::translate, rexBuilder, field(call));
        yield list != null ? list : translate(RexUtil.expandSearch(rexBuilder, null, call));
      }
      case LIKE -> translateFunction(call, LikeFunction.of(call));
      case PLUS, MINUS, TIMES, DIVIDE, MOD -> arithmetic(call);
      case CAST -> cast(call);
      default -> null;
    };
  }

  private static RexNode operand(RexCall call, int i) {
    return call.getOperands().get(i);
  }

  private static Field field(RexCall call) {
    return ArrowTypes.toArrow(call.getOperator().getName(), call.getType());
  }

  private @Nullable VectorExpr translateFunction(RexCall call, @Nullable VectorFunction function) {
    List<VectorExpr> operands = function == null ? null : translateAll(call.getOperands());
    return function == null || operands == null ? null : new Call(function, operands, field(call));
  }

  private @Nullable VectorExpr compare(RexCall call, Compare.Operator operator) {
    ValueKind kind = SqlKinds.common(call.getOperands(), rexBuilder.getTypeFactory());
    if (kind == null) {
      return null;
    }
    VectorExpr left = translate(operand(call, 0), kind);
    VectorExpr right = translate(operand(call, 1), kind);
    return left == null || right == null
        ? null
        : new Compare(operator, kind, left, right, field(call));
  }

  /** Translates an operand that is converted to {@code kind}, which a DECIMAL literal can be. */
  private @Nullable VectorExpr translate(RexNode node, ValueKind kind) {
    Double number = kind == ValueKind.DOUBLE ? SqlKinds.decimalAsDouble(node) : null;
    return number == null
        ? translate(node)
        : new Literal(number, Field.notNullable("literal", SqlKinds.DOUBLE));
  }

  private @Nullable VectorExpr logical(RexCall call, boolean and) {
    List<VectorExpr> operands = translateAll(call.getOperands());
    return operands == null ? null : new Logical(and, operands, field(call));
  }

  private @Nullable VectorExpr nullTest(RexCall call, boolean negated) {
    RexNode node = operand(call, 0);
    // Whether a column is NULL can be told of any type.
    VectorExpr operand = node instanceof RexInputRef ref ? anyColumn(ref) : translate(node);
    return operand == null ? null : new IsNull(operand, negated, field(call));
  }

  private @Nullable VectorExpr truthTest(RexCall call, boolean truth, boolean negated) {
    VectorExpr operand = translate(operand(call, 0));
    return operand == null ? null : new IsTruth(operand, truth, negated, field(call));
  }

  private @Nullable VectorExpr arithmetic(RexCall call) {
    Arithmetic.Operator operator = arithmeticOperator(call.getOperator());
    ValueKind kind = SqlKinds.ofArithmetic(call, rexBuilder.getTypeFactory());
    if (operator == null || kind == null) {
      return null;
    }
    boolean divides =
        operator == Arithmetic.Operator.DIVIDE || operator == Arithmetic.Operator.REMAINDER;
    if (divides && kind == ValueKind.LONG && !SqlKinds.isNonZeroLiteral(operand(call, 1))) {
      return null; // division by zero is an error, which Enumerable knows to raise
    }
    if (operator == Arithmetic.Operator.REMAINDER && kind != ValueKind.LONG) {
      return null;
    }
    VectorExpr left = translate(operand(call, 0), kind);
    VectorExpr right = translate(operand(call, 1), kind);
    return left == null || right == null
        ? null
        : new Arithmetic(operator, kind, left, right, field(call));
  }

  /** By identity, because the overflow-checking operators are of the same kinds. */
  private static Arithmetic.@Nullable Operator arithmeticOperator(SqlOperator operator) {
    if (operator.equals(SqlStdOperatorTable.PLUS)) {
      return Arithmetic.Operator.PLUS;
    } else if (operator.equals(SqlStdOperatorTable.MINUS)) {
      return Arithmetic.Operator.MINUS;
    } else if (operator.equals(SqlStdOperatorTable.MULTIPLY)) {
      return Arithmetic.Operator.TIMES;
    } else if (operator.equals(SqlStdOperatorTable.DIVIDE)) {
      return Arithmetic.Operator.DIVIDE;
    } else if (operator.equals(SqlStdOperatorTable.MOD)) {
      return Arithmetic.Operator.REMAINDER;
    }
    return null;
  }

  private @Nullable VectorExpr cast(RexCall call) {
    RelDataType from = operand(call, 0).getType();
    RelDataType to = call.getType();
    if (from.isNullable() && !to.isNullable()) {
      return null; // an assertion, not a conversion
    }
    VectorExpr operand = translate(operand(call, 0));
    if (operand == null || SqlKinds.isSameForm(from, to)) {
      return operand;
    }
    return SqlKinds.isWidening(from, to) ? new Cast(operand, field(call)) : null;
  }
}
