package org.bindsql.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one result as text: {@code begin}, a {@code row} for each, {@code end}. */
interface ResultWriter {
  /**
   * Column of a result.
   *
   * @param name label the statement gives it
   * @param number whether its values are numbers
   */
  record Column(String name, boolean number) {}

  /** Starts the result. */
  void begin(List<Column> columns);

  /** Writes a row of values as {@link Values#read} gives them. */
  void row(List<@Nullable Object> values);

  /** Ends the result. */
  void end();
}
