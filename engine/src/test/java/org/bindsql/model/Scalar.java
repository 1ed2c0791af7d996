package org.bindsql.model;

import java.util.List;

/** What a column is set to. */
sealed interface Scalar {
  /**
   * The expression as SQL; columns of the target row after a prefix, those of a source after
   * another.
   */
  String sql(String target, String source);

  /** The value; {@code source} is the row of a MERGE's or an INSERT's source, or null. */
  Object value(Relation relation, List<Object> target, Relation from, List<Object> source);

  /** Constant for a column of the given name. */
  record Constant(String column, Object constant) implements Scalar {
    @Override
    public String sql(String target, String source) {
      return Kind.of(column).literal(constant);
    }

    @Override
    public Object value(Relation r, List<Object> target, Relation from, List<Object> source) {
      return constant;
    }
  }

  /** A whole number added to a column. */
  record Plus(String column, long by) implements Scalar {
    @Override
    public String sql(String target, String source) {
      return target + column + " + " + by;
    }

    @Override
    public Object value(Relation r, List<Object> target, Relation from, List<Object> source) {
      Object value = target.get(r.column(column));
      return value == null ? null : Long.valueOf((Long) value + by);
    }
  }

  /** Another column of the row. */
  record Own(String column) implements Scalar {
    @Override
    public String sql(String target, String source) {
      return target + column;
    }

    @Override
    public Object value(Relation r, List<Object> target, Relation from, List<Object> source) {
      return target.get(r.column(column));
    }
  }

  /** A column of the source. */
  record Source(String column) implements Scalar {
    @Override
    public String sql(String target, String source) {
      return source + column;
    }

    @Override
    public Object value(Relation r, List<Object> target, Relation from, List<Object> source) {
      return source.get(from.column(column));
    }
  }
}
