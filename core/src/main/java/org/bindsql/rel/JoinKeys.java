package org.bindsql.rel;

import com.google.common.collect.ImmutableRangeSet;
import com.google.common.collect.Range;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.calcite.DataContext;
import org.apache.calcite.linq4j.AbstractEnumerable;
import org.apache.calcite.linq4j.Enumerable;
import org.apache.calcite.linq4j.Enumerator;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.rex.RexNode;
import org.apache.calcite.rex.RexUnknownAs;
import org.apache.calcite.sql.fun.SqlStdOperatorTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.ImmutableIntList;
import org.apache.calcite.util.NlsString;
import org.apache.calcite.util.Sarg;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.StatementScope;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a hash join's right input, by which the scan on its left is filtered: the join has
 * read all of the right when it opens the left.
 *
 * <p>The scan leaves out only rows that equal no key. Sound for a join that does not keep left rows
 * without match, under {@code =}, which NULL never passes. One object belongs to one join of one
 * plan.
 *
 * @param source positions of the keys in the right input
 * @param columns positions of the keys in the scanned table
 */
public record JoinKeys(ImmutableIntList source, ImmutableIntList columns, Object join) {
  /** Most values of a key; with more, it filters nothing. */
  static final int MAX_VALUES = 1_000;

  /** Most characters of the values of a key. */
  static final int MAX_TEXT = 1 << 16;

  /** Whether keys of a type can be noted: their values are compared alike by join and filter. */
  public static boolean canNote(RelDataType type) {
    return SqlTypeName.INT_TYPES.contains(type.getSqlTypeName())
        || type.getSqlTypeName() == SqlTypeName.VARCHAR;
  }

  /** What was noted by the last complete pass over the right input; none during a pass. */
  private static final class Noted {
    volatile @Nullable List<Values> values;
  }

  /** The distinct values of one key but NULL. */
  private static final class Values {
    private final Set<Object> values = new HashSet<>();
    private boolean usable = true;
    private int text;

    void add(@Nullable Object value) {
      if (!usable || value == null) {
        return;
      }
      boolean known = value instanceof String || isWhole(value);
      if (known && values.add(value) && value instanceof String string) {
        text += string.length();
      }
      usable = known && values.size() <= MAX_VALUES && text <= MAX_TEXT && isText(value);
    }

    /** False for text with half a character, for which there is no literal. */
    private static boolean isText(Object value) {
      return !(value instanceof String text) || StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    private static boolean isWhole(Object value) {
      return value instanceof Byte
          || value instanceof Short
          || value instanceof Integer
          || value instanceof Long;
    }
  }

  /** Called from generated code: the same rows, whose keys are noted. */
  public static <T> Enumerable<T> note(Enumerable<T> rows, JoinKeys keys, DataContext root) {
    if (!(root.get(StatementScope.VARIABLE) instanceof StatementScope scope)) {
      return rows;
    }
    return new AbstractEnumerable<>() {
      @Override
      public Enumerator<T> enumerator() {
        Noted noted = scope.share(keys, Noted::new);
        noted.values = null;
        List<Values> values = keys.source.stream().map(key -> new Values()).toList();
        return new Noting<>(rows.enumerator(), keys.source, values, () -> noted.values = values);
      }
    };
  }

  /** Rows whose keys are noted; every row that is moved to, whether it is looked at or not. */
  private static final class Noting<T> implements Enumerator<T> {
    private final Enumerator<T> rows;
    private final ImmutableIntList source;
    private final List<Values> values;
    private final Runnable atEnd;

    Noting(Enumerator<T> rows, ImmutableIntList source, List<Values> values, Runnable atEnd) {
      this.rows = rows;
      this.source = source;
      this.values = values;
      this.atEnd = atEnd;
    }

    @Override
    public boolean moveNext() {
      if (!rows.moveNext()) {
        atEnd.run();
        return false;
      }
      Object row = rows.current();
      for (int i = 0; i < values.size(); i++) {
        // A row of one column is its value.
        values.get(i).add(row instanceof Object[] cells ? cells[source.get(i)] : row);
      }
      return true;
    }

    @Override
    public T current() {
      return rows.current();
    }

    @Override
    public void reset() {
      rows.reset();
    }

    @Override
    public void close() {
      rows.close();
    }
  }

  /** A conjunct as {@link #filter} makes them, for each key. */
  List<RexNode> sample(RexBuilder rex, RelDataType table) {
    List<RexNode> conjuncts = new ArrayList<>();
    for (int column : columns) {
      boolean text = type(table, column).getSqlTypeName() == SqlTypeName.VARCHAR;
      conjuncts.add(isOneOf(column, table, text ? Set.of("a", "b") : Set.of(1, 2), rex));
    }
    return conjuncts;
  }

  /**
   * What the rows of the scan have to pass: a conjunct for each key of few values; null if no row
   * can pass.
   *
   * @param table type of the scanned table's rows
   */
  @Nullable List<RexNode> filter(ExecutionContext context, RexBuilder rex, RelDataType table) {
    StatementScope scope = context.scope();
    List<Values> noted = scope == null ? null : scope.share(this, Noted::new).values;
    List<RexNode> conjuncts = new ArrayList<>();
    for (int i = 0; noted != null && i < noted.size(); i++) {
      Values key = noted.get(i);
      if (key.usable) {
        if (key.values.isEmpty()) {
          return null;
        }
        conjuncts.add(isOneOf(columns.get(i), table, key.values, rex));
      }
    }
    return conjuncts;
  }

  private static RelDataType type(RelDataType table, int column) {
    return table.getFieldList().get(column).getType();
  }

  private static RexNode isOneOf(int column, RelDataType table, Set<?> values, RexBuilder rex) {
    RelDataType type = type(table, column);
    ImmutableRangeSet<Comparable> points = points(values, type);
    return rex.makeCall(
        SqlStdOperatorTable.SEARCH,
        rex.makeInputRef(type, column),
        rex.makeSearchArgumentLiteral(
            Sarg.of(RexUnknownAs.UNKNOWN, points),
            rex.getTypeFactory().createTypeWithNullability(type, false)));
  }

  @SuppressWarnings({"rawtypes", "unchecked"}) // as Sarg has it; all are of one class
  private static ImmutableRangeSet<Comparable> points(Set<?> values, RelDataType type) {
    TreeSet<Comparable> sorted = new TreeSet<>();
    for (Object value : values) {
      sorted.add(
          value instanceof String text
              ? new NlsString(
                  text, Objects.requireNonNull(type.getCharset()).name(), type.getCollation())
              : BigDecimal.valueOf(((Number) value).longValue()));
    }
    return ImmutableRangeSet.copyOf(
        sorted.stream().map(point -> (Range<Comparable>) Range.singleton(point)).toList());
  }
}
