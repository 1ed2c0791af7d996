package org.bindsql.table;

import org.apache.calcite.linq4j.Enumerable;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/**
 * A table that INSERT, UPDATE and DELETE change.
 *
 * <p>Implemented by a Calcite {@link org.apache.calcite.schema.Table}. One call is one statement:
 * it changes all rows it is given or, if it throws, none. Rows hold values in Enumerable's runtime
 * forms, and each must be read as it was before the statement: an implementation that takes a lock
 * takes it before it opens {@code rows}, whose scans read a snapshot that the statement's own
 * changes do not reach. Columns that no statement may set are told to the validator by an {@link
 * org.apache.calcite.sql2rel.InitializerExpressionFactory} that the table unwraps to.
 *
 * <p>A table must not be an {@link org.apache.calcite.schema.ModifiableTable} too: Calcite's own
 * rule would compete, and it fails on UPDATE.
 */
public interface WritableTable {
  /**
   * Positions of the columns that tell UPDATE and DELETE which row is meant, in the order in which
   * the rows given to {@link #update} and {@link #delete} begin with their values.
   */
  int[] identityColumns();

  /**
   * Adds rows.
   *
   * @param rows a value for every column of the table
   * @return number of rows added
   */
  long insert(Enumerable<@Nullable Object[]> rows, ExecutionContext context);

  /**
   * Changes rows.
   *
   * @param columns positions of the columns to set, without repetition
   * @param rows values of {@link #identityColumns} as they are, then the new values of {@code
   *     columns}
   * @return number of rows changed, those set to what they were included
   */
  long update(int[] columns, Enumerable<@Nullable Object[]> rows, ExecutionContext context);

  /**
   * Removes rows.
   *
   * @param rows values of {@link #identityColumns}
   * @return number of rows removed
   */
  long delete(Enumerable<@Nullable Object[]> rows, ExecutionContext context);
}
