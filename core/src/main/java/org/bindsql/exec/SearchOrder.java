package org.bindsql.exec;

/** What a search with a filter looks for first; the answer is the same. */
public enum SearchOrder {
  /** What is estimated to cost less. */
  AUTO,
  /** The rows that pass the filter, and then the nearest of them. */
  FILTER,
  /** The nearest rows, and then those of them that pass the filter. */
  DISTANCE
}
