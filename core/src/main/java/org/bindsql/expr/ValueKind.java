package org.bindsql.expr;

/** Domain in which values are compared and computed. */
public enum ValueKind {
  /** FALSE before TRUE. */
  BOOLEAN,
  /** Whole numbers, days of a DATE, milliseconds of a TIMESTAMP. */
  LONG,
  /** Numbers rounded to single precision; NaN is unordered. */
  FLOAT,
  /** Numbers in double precision; NaN is unordered. */
  DOUBLE,
  /** Text, ordered by UTF-16 code units as java.lang.String is. */
  STRING,
  /** Bytes, ordered as unsigned numbers; a prefix comes first. */
  BYTES
}
