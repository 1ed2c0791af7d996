package org.bindsql.exec;

import org.bindsql.expr.ValueKind;

/**
 * One aggregate call.
 *
 * @param column position of the argument in the input; -1 for COUNT(*)
 * @param kind domain of the argument; any for COUNT
 */
public record AggregateSpec(Function function, int column, ValueKind kind) {
  /** Aggregate functions; all but COUNT(*) ignore NULL. */
  public enum Function {
    COUNT,
    /** NULL if there is no value. */
    SUM,
    /** Zero if there is no value. */
    SUM0,
    MIN,
    MAX
  }
}
