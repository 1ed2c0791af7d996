package org.bindsql.model;

import java.util.List;
import java.util.stream.Collectors;

/** Predicates of the model, in SQL's three-valued logic. */
sealed interface Condition {
  /** The condition as SQL, its columns after a prefix as {@code "t."}. */
  String sql(String prefix);

  /** True, false, or null for unknown. Refused (42703) if a column is missing. */
  Boolean value(Relation relation, List<Object> row);

  default boolean test(Relation relation, List<Object> row) {
    return Boolean.TRUE.equals(value(relation, row));
  }

  /** Always true. */
  record All() implements Condition {
    @Override
    public String sql(String prefix) {
      return "TRUE";
    }

    @Override
    public Boolean value(Relation relation, List<Object> row) {
      return true;
    }
  }

  /** Comparison of a column with a constant that is not NULL. */
  record Compare(String column, String operator, Object constant) implements Condition {
    @Override
    public String sql(String prefix) {
      return prefix + column + " " + operator + " " + Kind.of(column).literal(constant);
    }

    @Override
    public Boolean value(Relation relation, List<Object> row) {
      Object value = row.get(relation.column(column));
      if (value == null) {
        return null;
      }
      @SuppressWarnings("unchecked")
      int order = ((Comparable<Object>) value).compareTo(constant);
      return switch (operator) {
        case "=" -> order == 0;
        case "<>" -> order != 0;
        case "<" -> order < 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        case ">=" -> order >= 0;
        default -> throw new IllegalStateException(operator);
      };
    }
  }

  /** Whether a column is NULL. */
  record Missing(String column) implements Condition {
    @Override
    public String sql(String prefix) {
      return prefix + column + " IS NULL";
    }

    @Override
    public Boolean value(Relation relation, List<Object> row) {
      return row.get(relation.column(column)) == null;
    }
  }

  /** Whether a text begins with another, without wildcards. */
  record Starts(String column, String prefix) implements Condition {
    @Override
    public String sql(String table) {
      return table + column + " LIKE '" + prefix + "%'";
    }

    @Override
    public Boolean value(Relation relation, List<Object> row) {
      Object value = row.get(relation.column(column));
      return value == null ? null : value.toString().startsWith(prefix);
    }
  }

  /** Whether a column is one of some constants. */
  record In(String column, List<Object> constants) implements Condition {
    @Override
    public String sql(String prefix) {
      return constants.stream()
          .map(Kind.of(column)::literal)
          .collect(Collectors.joining(", ", prefix + column + " IN (", ")"));
    }

    @Override
    public Boolean value(Relation relation, List<Object> row) {
      Object value = row.get(relation.column(column));
      return value == null ? null : constants.contains(value);
    }
  }

  /** Negation. */
  record Not(Condition of) implements Condition {
    @Override
    public String sql(String prefix) {
      return "NOT (" + of.sql(prefix) + ")";
    }

    @Override
    public Boolean value(Relation relation, List<Object> row) {
      Boolean value = of.value(relation, row);
      return value == null ? null : !value;
    }
  }

  /** Conjunction or disjunction. */
  record Both(Condition first, Condition second, boolean and) implements Condition {
    @Override
    public String sql(String prefix) {
      return "(" + first.sql(prefix) + (and ? " AND " : " OR ") + second.sql(prefix) + ")";
    }

    @Override
    public Boolean value(Relation relation, List<Object> row) {
      Boolean a = first.value(relation, row);
      Boolean b = second.value(relation, row);
      Boolean decides = !and;
      return decides.equals(a) || decides.equals(b)
          ? decides
          : a == null || b == null ? null : Boolean.valueOf(and);
    }
  }
}
