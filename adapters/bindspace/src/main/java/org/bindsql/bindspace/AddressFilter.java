package org.bindsql.bindspace;

import com.google.common.collect.BoundType;
import com.google.common.collect.Range;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUtil;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.Sarg;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/**
 * Predicates that choose rows by address alone: comparisons of an address, zone or distinguished
 * name column with literals and parameters, joined by AND, OR and NOT.
 */
final class AddressFilter {
  /** What a column says about an address. */
  enum Meaning {
    ADDRESS,
    ZONE,
    PATH
  }

  private final IntFunction<@Nullable Meaning> meanings;

  /**
   * Creates a filter over a table.
   *
   * @param meanings meaning of the column at a position, or null if it has none
   */
  AddressFilter(IntFunction<@Nullable Meaning> meanings) {
    this.meanings = meanings;
  }

  /** Whether {@link #evaluate} understands the predicate. */
  boolean accepts(RexNode node) {
    return accepts(node, false);
  }

  private boolean accepts(RexNode node, boolean negated) {
    if (!(node instanceof RexCall call)) {
      return false;
    }
    return switch (call.getKind()) {
      case AND, OR -> call.getOperands().stream().allMatch(operand -> accepts(operand, negated));
      // A comparison with a NULL parameter is unknown: neither it nor its negation is true.
      case NOT -> accepts(call.getOperands().get(0), true);
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          acceptsComparison(call, negated);
      case SEARCH -> {
        Meaning meaning = meaning(call.getOperands().get(0));
        yield meaning == Meaning.ADDRESS || meaning == Meaning.ZONE;
      }
      default -> false;
    };
  }

  private boolean acceptsComparison(RexCall call, boolean negated) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    boolean swapped = meaning(left) == null;
    Meaning meaning = meaning(swapped ? right : left);
    RexNode value = withoutCast(swapped ? left : right);
    boolean known =
        value instanceof RexLiteral literal && !literal.isNull()
            || value instanceof RexDynamicParam && !negated;
    if (meaning == null || !known) {
      return false;
    }
    return switch (meaning) {
      case ADDRESS -> SqlTypeUtil.isNumeric(value.getType());
      case ZONE ->
          SqlTypeUtil.inCharFamily(value.getType())
              && (call.getKind() == SqlKind.EQUALS || call.getKind() == SqlKind.NOT_EQUALS);
      case PATH ->
          SqlTypeUtil.inCharFamily(value.getType()) && call.getKind() == SqlKind.EQUALS && !negated;
    };
  }

  /** The addresses for which an accepted predicate is true. */
  AddressSet evaluate(RexNode node, BindView view, ExecutionContext context) {
    RexCall call = (RexCall) node;
    return switch (call.getKind()) {
      case AND -> {
        AddressSet all = AddressSet.all();
        call.getOperands().forEach(o -> all.retainAll(evaluate(o, view, context)));
        yield all;
      }
      case OR -> {
        AddressSet any = AddressSet.none();
        call.getOperands().forEach(o -> any.addAll(evaluate(o, view, context)));
        yield any;
      }
      case NOT -> evaluate(call.getOperands().get(0), view, context).complement();
      case SEARCH -> search(call);
      default -> compare(call, view, context);
    };
  }

  private AddressSet search(RexCall call) {
    Sarg<?> sarg = (Sarg<?>) ((RexLiteral) call.getOperands().get(1)).getValueAs(Sarg.class);
    if (sarg == null) {
      return AddressSet.none();
    }
    if (meaning(call.getOperands().get(0)) == Meaning.ZONE) {
      @SuppressWarnings("unchecked")
      Sarg<NlsString> texts = (Sarg<NlsString>) sarg;
      return zones(zone -> texts.rangeSet.contains(new NlsString(zone, null, null)));
    }
    @SuppressWarnings("unchecked")
    Sarg<BigDecimal> numbers = (Sarg<BigDecimal>) sarg;
    AddressSet found = AddressSet.none();
    for (Range<BigDecimal> range : numbers.rangeSet.asRanges()) {
      AddressSet part = AddressSet.all();
      if (range.hasLowerBound()) {
        boolean closed = range.lowerBoundType() == BoundType.CLOSED;
        part.retainAll(
            compare(
                closed ? SqlKind.GREATER_THAN_OR_EQUAL : SqlKind.GREATER_THAN,
                range.lowerEndpoint()));
      }
      if (range.hasUpperBound()) {
        boolean closed = range.upperBoundType() == BoundType.CLOSED;
        part.retainAll(
            compare(
                closed ? SqlKind.LESS_THAN_OR_EQUAL : SqlKind.LESS_THAN, range.upperEndpoint()));
      }
      found.addAll(part);
    }
    return found;
  }

  private AddressSet compare(RexCall call, BindView view, ExecutionContext context) {
    RexNode left = call.getOperands().get(0);
    RexNode right = call.getOperands().get(1);
    boolean swapped = meaning(left) == null;
    Meaning meaning = meaning(swapped ? right : left);
    SqlKind kind = swapped ? call.getKind().reverse() : call.getKind();
    Object value = value(withoutCast(swapped ? left : right), context);
    if (meaning == null || value == null) {
      return AddressSet.none();
    }
    return switch (meaning) {
      case ADDRESS -> compare(kind, new BigDecimal(value.toString()));
      case ZONE -> zones(zone -> zone.equals(value.toString()) == (kind == SqlKind.EQUALS));
      case PATH -> {
        int addr = view.directory().find(value.toString());
        yield addr == Addresses.NONE ? AddressSet.none() : AddressSet.range(addr, addr);
      }
    };
  }

  private static AddressSet compare(SqlKind kind, BigDecimal value) {
    // Far beyond the addresses it makes no difference how far.
    BigDecimal near = value.min(BigDecimal.valueOf(1 << 20)).max(BigDecimal.valueOf(-(1 << 20)));
    long floor = near.setScale(0, RoundingMode.FLOOR).longValueExact();
    long ceiling = near.setScale(0, RoundingMode.CEILING).longValueExact();
    boolean whole = floor == ceiling;
    long last = Addresses.COUNT - 1;
    return switch (kind) {
      case EQUALS -> whole ? AddressSet.range(floor, floor) : AddressSet.none();
      case NOT_EQUALS -> whole ? AddressSet.range(floor, floor).complement() : AddressSet.all();
      case LESS_THAN -> AddressSet.range(0, ceiling - 1);
      case LESS_THAN_OR_EQUAL -> AddressSet.range(0, floor);
      case GREATER_THAN -> AddressSet.range(floor + 1, last);
      case GREATER_THAN_OR_EQUAL -> AddressSet.range(ceiling, last);
      default -> throw new IllegalArgumentException("not a comparison: " + kind);
    };
  }

  private static AddressSet zones(Predicate<String> passes) {
    AddressSet found = AddressSet.none();
    for (Zone zone : Zone.values()) {
      if (passes.test(zone.sqlName())) {
        found.addRange(zone.firstAddress(), zone.lastAddress());
      }
    }
    return found;
  }

  private @Nullable Meaning meaning(RexNode node) {
    return withoutCast(node) instanceof RexInputRef ref ? meanings.apply(ref.getIndex()) : null;
  }

  /** The operand of a cast that changes no value. */
  private static RexNode withoutCast(RexNode node) {
    while (node.getKind() == SqlKind.CAST && RexUtil.isLosslessCast(node)) {
      node = ((RexCall) node).getOperands().get(0);
    }
    return node;
  }

  private static @Nullable Object value(RexNode node, ExecutionContext context) {
    if (node instanceof RexDynamicParam parameter) {
      return context.parameter(parameter.getIndex());
    }
    RexLiteral literal = (RexLiteral) node;
    return literal.getType().getSqlTypeName().getFamily() == SqlTypeName.VARCHAR.getFamily()
        ? literal.getValueAs(String.class)
        : literal.getValueAs(BigDecimal.class);
  }
}
