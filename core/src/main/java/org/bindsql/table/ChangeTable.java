package org.bindsql.table;

import org.apache.calcite.util.ImmutableBitSet;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.BatchReader;

/**
 * A table that INSERT, UPDATE, DELETE and MERGE change by a stream of rows, one commit a statement.
 *
 * <p>Rows that exist are told by their {@value #ROW_ADDRESS}, a column that the table has beside
 * those of {@link #arrowSchema()} (a query reads it by {@code EXTEND}); it holds for the version of
 * the table that the statement reads, see {@link org.bindsql.exec.StatementScope}.
 */
public interface ChangeTable extends BatchTable {
  /** Name of the column that tells where a row is: BIGINT, never NULL for a row that exists. */
  String ROW_ADDRESS = "_rowaddr";

  /**
   * Name of the column that tells which row it is among those of the version, counted from 0:
   * BIGINT, never NULL for a row that exists.
   */
  String ROW_OFFSET = "_rowoffset";

  /** Name of the column that tells what becomes of a row: INTEGER, one of the three below. */
  String ACTION = "_action";

  /** A new row; its {@link #ROW_ADDRESS} is NULL. */
  int INSERT = 0;

  /** New values for all columns of a row. */
  int UPDATE = 1;

  /** A row goes; its other values do not matter. */
  int DELETE = 2;

  /** Positions of the columns of the primary key; empty if there is none. */
  default ImmutableBitSet primaryKey() {
    return ImmutableBitSet.of();
  }

  /**
   * Adds rows in one commit, or none if it throws.
   *
   * @param rows batches of all columns of the table, in its order; closed by this method
   * @return number of rows added; if 0 there was no commit
   * @throws org.bindsql.error.BindSqlException NULL_NOT_ALLOWED, DUPLICATE_KEY, or
   *     SERIALIZATION_FAILURE if somebody else's commit came between, after which the whole
   *     statement may run again
   */
  long append(BatchReader rows, ExecutionContext context);

  /**
   * Changes rows in one commit, or none if it throws.
   *
   * @param changes batches of {@link #ACTION}, {@link #ROW_ADDRESS}, then all columns of the table
   *     in its order; closed by this method
   * @return number of rows inserted, updated and deleted; if 0 there was no commit
   * @throws org.bindsql.error.BindSqlException as {@link #append}, and CARDINALITY_VIOLATION if a
   *     row that exists comes twice
   */
  long apply(BatchReader changes, ExecutionContext context);

  /**
   * Reads columns of given rows of the version that the statement reads, in the order given.
   *
   * @param rowOffsets values of {@link #ROW_OFFSET}, without duplicates
   * @param columns positions of the wanted columns in the table's schema, in output order
   */
  BatchReader fetch(long[] rowOffsets, int[] columns, ExecutionContext context);

  /**
   * Whether a column shows part of what another one shows, so that only an INSERT may set it.
   *
   * @param column position in {@link #arrowSchema()}
   */
  default boolean isPart(int column) {
    return false;
  }
}
