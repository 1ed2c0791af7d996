package org.bindsql.files;

import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.BatchReader;

/** A file of rows. Nothing of it stays open but what a reader has. Thread-safe. */
public interface FileSource {
  /** The columns. */
  Schema schema();

  /** Estimated number of rows. */
  double estimateRowCount();

  /**
   * Opens the file.
   *
   * @param columns positions of the wanted columns, in output order, without repetition
   * @throws org.bindsql.error.BindSqlException DATA_CORRUPTED or BAD_TEXT, naming file and place
   */
  BatchReader open(int[] columns, ExecutionContext context);
}
