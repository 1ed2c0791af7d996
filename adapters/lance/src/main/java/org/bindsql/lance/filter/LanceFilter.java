package org.bindsql.lance.filter;

import com.google.common.collect.BoundType;
import com.google.common.collect.Range;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexCall;
import org.apache.calcite.rex.RexDynamicParam;
import org.apache.calcite.rex.RexInputRef;
import org.apache.calcite.rex.RexLiteral;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.DateString;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.Sarg;
import org.apache.calcite.util.TimestampString;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.table.PushDown;
import org.jspecify.annotations.Nullable;

/**
 * Translator of SQL predicates to Lance's filter language, conjunct by conjunct.
 *
 * <p>What is not on its list of operators and types stays with SQL. Values are printed by type,
 * never pasted; names are quoted. Size is bounded: Lance's parser overruns the stack of the process
 * over a few hundred terms.
 */
public final class LanceFilter {
  /** Terms of one call's accepted conjuncts; from about 400 on, a flat chain kills the process. */
  static final int MAX_TERMS = 200;

  /** Nesting; Lance's parser refuses about 45. */
  static final int MAX_DEPTH = 20;

  /** Values of one IN list, which cost little. */
  static final int MAX_VALUES = 100_000;

  /** Stands for a parameter's value while it is unknown. */
  private static final Object UNKNOWN = new Object();

  /** Values of dynamic parameters by index, null for SQL NULL. */
  @FunctionalInterface
  public interface Parameters {
    @Nullable Object get(int index);
  }

  private final Snapshot snapshot;
  private final Parameters parameters;

  private LanceFilter(Snapshot snapshot, Parameters parameters) {
    this.snapshot = snapshot;
    this.parameters = parameters;
  }

  /**
   * Splits conjuncts into those that {@link #print} can print whatever the parameters, and others.
   */
  public static PushDown split(Snapshot snapshot, List<RexNode> conjuncts) {
    LanceFilter filter = new LanceFilter(snapshot, index -> UNKNOWN);
    List<RexNode> accepted = new ArrayList<>();
    List<RexNode> remainder = new ArrayList<>();
    int terms = 0;
    for (RexNode conjunct : conjuncts) {
      FilterText text = filter.bounded(conjunct);
      if (text != null && terms + text.terms() <= MAX_TERMS) {
        terms += text.terms();
        accepted.add(conjunct);
      } else {
        remainder.add(conjunct);
      }
    }
    return new PushDown(accepted, remainder);
  }

  /** The conjuncts, which {@link #split} accepted, as Lance's text; null if there are none. */
  public static @Nullable String print(
      Snapshot snapshot, List<RexNode> conjuncts, Parameters parameters) {
    LanceFilter filter = new LanceFilter(snapshot, parameters);
    List<FilterText> parts = new ArrayList<>();
    for (RexNode conjunct : conjuncts) {
      FilterText text = filter.translate(conjunct);
      if (text == null) {
        throw new IllegalStateException("not a predicate for Lance: " + conjunct);
      }
      parts.add(text);
    }
    return parts.isEmpty() ? null : FilterText.join("AND", parts).text();
  }

  /**
   * A text that uses the indexes that {@link #print}'s text will use; null if there are no
   * conjuncts. A test for NULL stands for each comparison with a parameter: every index that serves
   * the one serves the other.
   */
  public static @Nullable String sample(Snapshot snapshot, List<RexNode> conjuncts) {
    return print(snapshot, conjuncts, index -> UNKNOWN);
  }

  private @Nullable FilterText bounded(RexNode node) {
    if (Size.exceeds(node, MAX_TERMS + 2 * MAX_VALUES)) {
      return null;
    }
    FilterText text = translate(node);
    return text != null && text.depth() <= MAX_DEPTH && text.terms() <= MAX_TERMS ? text : null;
  }

  private @Nullable FilterText translate(RexNode node) {
    return switch (node) {
      case RexLiteral literal when literal.getType().getSqlTypeName() == SqlTypeName.BOOLEAN ->
          literal.isNull()
              ? FilterText.NULL
              : FilterText.term(RexLiteral.booleanValue(literal) ? "true" : "false");
      case RexInputRef ref ->
          column(ref) instanceof FilterColumn.BooleanColumn(String name)
              ? FilterText.term(name)
              : null;
      case RexCall call -> translateCall(call);
      default -> null;
    };
  }

  private @Nullable FilterText translateCall(RexCall call) {
    return switch (call.getKind()) {
      case AND -> FilterText.joinAll("AND", operands(call.getOperands()));
      case OR -> or(call.getOperands());
      case NOT -> {
        FilterText operand = translate(call.operands.getFirst());
        yield operand == null ? null : operand.not();
      }
      case IS_NULL -> test(call, "IS NULL");
      case IS_NOT_NULL -> test(call, "IS NOT NULL");
      case IS_TRUE -> truth(call, "IS TRUE");
      case IS_FALSE -> truth(call, "IS FALSE");
      case IS_NOT_TRUE -> truth(call, "IS NOT TRUE");
      case IS_NOT_FALSE -> truth(call, "IS NOT FALSE");
      case EQUALS, NOT_EQUALS, LESS_THAN, LESS_THAN_OR_EQUAL, GREATER_THAN, GREATER_THAN_OR_EQUAL ->
          comparison(call);
      case SEARCH -> search(call);
      case LIKE -> call.getOperator() == SqlStdOperatorTable.LIKE ? like(call) : null;
      default -> null;
    };
  }

  private List<@Nullable FilterText> operands(List<RexNode> nodes) {
    List<@Nullable FilterText> texts = new ArrayList<>();
    for (RexNode node : nodes) {
      texts.add(translate(node));
    }
    return texts;
  }

  /** A disjunction; its equalities with literals become one IN list per column. */
  private @Nullable FilterText or(List<RexNode> nodes) {
    Map<Integer, List<Object>> values = new LinkedHashMap<>();
    List<@Nullable FilterText> texts = new ArrayList<>();
    for (RexNode node : nodes) {
      if (node instanceof RexCall call
          && call.getKind() == SqlKind.EQUALS
          && call.operands.get(0) instanceof RexInputRef ref
          && call.operands.get(1) instanceof RexLiteral literal
          && column(ref) instanceof FilterColumn column
          && column.accepts(literal.getType().getSqlTypeName())
          && value(literal) instanceof Object value
          && column.literal(value) != null) {
        values.computeIfAbsent(ref.getIndex(), index -> new ArrayList<>()).add(value);
      } else {
        texts.add(translate(node));
      }
    }
    values.forEach((index, list) -> texts.add(in(column(index), list)));
    return FilterText.joinAll("OR", texts);
  }

  private @Nullable FilterText test(RexCall call, String test) {
    return call.operands.getFirst() instanceof RexInputRef ref
            && column(ref) instanceof FilterColumn column
        ? FilterText.term(column.name() + " " + test)
        : null;
  }

  private @Nullable FilterText truth(RexCall call, String test) {
    FilterText operand = translate(call.operands.getFirst());
    // Wrapped, so that no index is asked: it takes IS TRUE for equality, whose negation leaves out
    // NULL.
    return operand == null ? null : operand.suffix(test).wrapped();
  }

  private @Nullable FilterText comparison(RexCall call) {
    RexNode left = call.operands.get(0);
    RexNode right = call.operands.get(1);
    FilterColumn column = compared(left);
    if (column != null) {
      return compare(column, call.getKind(), right);
    }
    column = compared(right);
    return column == null ? null : compare(column, call.getKind().reverse(), left);
  }

  private @Nullable FilterText compare(FilterColumn column, SqlKind operator, RexNode operand) {
    RexNode constant =
        operand instanceof RexCall cast && isWideningOfIntegers(cast)
            ? cast.operands.getFirst()
            : operand;
    if (!column.accepts(constant.getType().getSqlTypeName())) {
      return null;
    }
    Object value;
    switch (constant) {
      case RexLiteral literal -> value = value(literal);
      case RexDynamicParam parameter -> {
        if (!column.isTotal(operator)
            || constant.getType().getSqlTypeName() == SqlTypeName.DECIMAL) {
          return null;
        }
        value = parameters.get(parameter.getIndex());
        if (value == UNKNOWN) {
          return FilterText.term(column.name() + " IS NULL");
        }
      }
      default -> {
        return null;
      }
    }
    return value == null ? FilterText.NULL : column.compare(operator, value);
  }

  /** The column that an operand is, or widens without changing any comparison; else null. */
  private @Nullable FilterColumn compared(RexNode node) {
    if (node instanceof RexInputRef ref) {
      return column(ref);
    }
    if (node instanceof RexCall cast
        && cast.operands.size() == 1
        && cast.operands.getFirst() instanceof RexInputRef ref) {
      boolean exact =
          isWideningOfIntegers(cast)
              || (cast.getKind() == SqlKind.CAST
                  && ref.getType().getSqlTypeName() == SqlTypeName.REAL
                  && cast.getType().getSqlTypeName() == SqlTypeName.DOUBLE);
      return exact ? column(ref) : null;
    }
    return null;
  }

  private static boolean isWideningOfIntegers(RexCall cast) {
    if (cast.getKind() != SqlKind.CAST) {
      return false;
    }
    RelDataType from = cast.operands.getFirst().getType();
    RelDataType to = cast.getType();
    return SqlTypeName.INT_TYPES.contains(from.getSqlTypeName())
        && SqlTypeName.INT_TYPES.contains(to.getSqlTypeName())
        && from.getPrecision() <= to.getPrecision();
  }

  private @Nullable FilterColumn column(RexInputRef ref) {
    return column(ref.getIndex());
  }

  private @Nullable FilterColumn column(int index) {
    return column(snapshot, index);
  }

  /** A column of SQL's in Lance's filter language, or null if it cannot be compared there. */
  public static @Nullable FilterColumn column(Snapshot snapshot, int index) {
    int[] sources = snapshot.sources().get(index);
    if (sources.length > 1 || sources[0] < 0) {
      return null;
    }
    Field stored = snapshot.stored().getFields().get(sources[0]);
    boolean encoded = // Lance compares no literal with a dictionary-encoded column
        !stored.getType().equals(snapshot.schema().getFields().get(index).getType());
    return Projection.isAddressable(stored.getName()) && !encoded
        ? FilterColumn.of("`" + stored.getName() + "`", stored.getType())
        : null;
  }

  private static @Nullable Object value(RexLiteral literal) {
    if (literal.isNull()) {
      return null;
    }
    return switch (literal.getType().getSqlTypeName()) {
      case BOOLEAN -> literal.getValueAs(Boolean.class);
      case CHAR, VARCHAR -> literal.getValueAs(String.class);
      case BINARY, VARBINARY -> literal.getValueAs(ByteString.class);
      case DATE -> literal.getValueAs(Integer.class);
      case TIMESTAMP -> literal.getValueAs(Long.class);
      case REAL -> literal.getValueAs(Float.class);
      case FLOAT, DOUBLE -> literal.getValueAs(Double.class);
      default -> literal.getValueAs(java.math.BigDecimal.class);
    };
  }

  private @Nullable FilterText search(RexCall call) {
    RexLiteral literal = (RexLiteral) call.operands.get(1);
    FilterColumn column = compared(call.operands.getFirst());
    Sarg<?> sarg = literal.getValueAs(Sarg.class);
    SqlTypeName type = literal.getType().getSqlTypeName();
    if (column == null
        || sarg == null
        || !column.accepts(type)
        || isPadded(sarg, literal.getType())) {
      return null;
    }
    FilterText ranges =
        sarg.isComplementedPoints()
            ? ranges(column, type, sarg.negate().rangeSet.asRanges())
            : ranges(column, type, sarg.rangeSet.asRanges());
    if (ranges == null) {
      return null;
    }
    FilterText known = sarg.isComplementedPoints() ? ranges.not() : ranges;
    if (sarg.nullAs == RexUnknownAs.UNKNOWN) {
      return known;
    }
    return sarg.nullAs == RexUnknownAs.TRUE
        ? FilterText.join("OR", List.of(known, FilterText.term(column.name() + " IS NULL")))
        : FilterText.join("AND", List.of(known, FilterText.term(column.name() + " IS NOT NULL")));
  }

  /** Whether SQL pads some of the values to the length of their common type. */
  private static boolean isPadded(Sarg<?> sarg, RelDataType type) {
    if (type.getSqlTypeName() != SqlTypeName.CHAR && type.getSqlTypeName() != SqlTypeName.BINARY) {
      return false;
    }
    for (Range<?> range : sarg.rangeSet.asRanges()) {
      if ((range.hasLowerBound() && length(range.lowerEndpoint()) != type.getPrecision())
          || (range.hasUpperBound() && length(range.upperEndpoint()) != type.getPrecision())) {
        return true;
      }
    }
    return false;
  }

  private static int length(Object value) {
    return switch (value) {
      case NlsString text -> text.getValue().length();
      case ByteString bytes -> bytes.length();
      default -> -1;
    };
  }

  private @Nullable FilterText ranges(
      FilterColumn column, SqlTypeName type, Set<? extends Range<?>> ranges) {
    List<Object> points = new ArrayList<>();
    List<@Nullable FilterText> texts = new ArrayList<>();
    for (Range<?> range : ranges) {
      if (range.hasLowerBound()
          && range.hasUpperBound()
          && range.lowerEndpoint().equals(range.upperEndpoint())) {
        points.add(runtime(range.lowerEndpoint(), type));
        continue;
      }
      List<@Nullable FilterText> bounds = new ArrayList<>();
      if (range.hasLowerBound()) {
        boolean open = range.lowerBoundType() == BoundType.OPEN;
        bounds.add(
            column.compare(
                open ? SqlKind.GREATER_THAN : SqlKind.GREATER_THAN_OR_EQUAL,
                runtime(range.lowerEndpoint(), type)));
      }
      if (range.hasUpperBound()) {
        boolean open = range.upperBoundType() == BoundType.OPEN;
        bounds.add(
            column.compare(
                open ? SqlKind.LESS_THAN : SqlKind.LESS_THAN_OR_EQUAL,
                runtime(range.upperEndpoint(), type)));
      }
      texts.add(bounds.isEmpty() ? column.always() : FilterText.joinAll("AND", bounds));
    }
    if (!points.isEmpty()) {
      texts.add(in(column, points));
    }
    return texts.isEmpty() ? column.never() : FilterText.joinAll("OR", texts);
  }

  /** The value of a range's end, as an expression of the type has it at run time. */
  private static Object runtime(Object value, SqlTypeName type) {
    return switch (value) {
      case NlsString text -> text.getValue();
      case DateString date -> date.getDaysSinceEpoch();
      case TimestampString timestamp -> timestamp.getMillisSinceEpoch();
      case Number number when type == SqlTypeName.REAL -> number.floatValue();
      case Number number when SqlTypeName.APPROX_TYPES.contains(type) -> number.doubleValue();
      default -> value;
    };
  }

  /**
   * Equality with one of some values: a list of those that have a literal, terms for the others.
   */
  private static @Nullable FilterText in(@Nullable FilterColumn column, List<Object> values) {
    if (column == null || values.size() > MAX_VALUES) {
      return null;
    }
    List<String> literals = new ArrayList<>();
    List<@Nullable FilterText> texts = new ArrayList<>();
    for (Object value : values) {
      String literal = column.literal(value);
      if (literal == null) {
        texts.add(column.compare(SqlKind.EQUALS, value));
      } else {
        literals.add(literal);
      }
    }
    if (literals.size() == 1) {
      texts.add(column.plain(SqlKind.EQUALS, literals.getFirst()));
    } else if (!literals.isEmpty()) {
      texts.add(FilterText.term(column.name() + " IN (" + String.join(", ", literals) + ")"));
    }
    return FilterText.joinAll("OR", texts);
  }

  private @Nullable FilterText like(RexCall call) {
    if (!(call.operands.get(0) instanceof RexInputRef ref)
        || !(column(ref) instanceof FilterColumn.TextColumn column)
        || !(call.operands.get(1) instanceof RexLiteral pattern)
        || pattern.isNull()) {
      return null;
    }
    String escape = null;
    if (call.operands.size() > 2) {
      if (!(call.operands.get(2) instanceof RexLiteral literal) || literal.isNull()) {
        return null;
      }
      escape = literal.getValueAs(String.class);
    }
    String translated = LikePatterns.translate(pattern.getValueAs(String.class), escape);
    String quoted = translated == null ? null : FilterColumn.TextColumn.quote(translated);
    // Wrapped, so that no index is asked: a BITMAP fails over a pattern that begins with text.
    return quoted == null ? null : FilterText.term(column.name() + " LIKE " + quoted).wrapped();
  }
}
