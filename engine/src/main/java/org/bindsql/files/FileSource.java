package org.bindsql.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** A row count guessed from the size of a file, a value being taken for eight bytes. */
  static double estimateRowCount(Path file, Schema schema) {
    try {
      return Files.size(file) / (8.0 * Math.max(1, schema.getFields().size()));
    } catch (IOException e) {
      throw FileErrors.unreadable(file, e);
    }
  }
}
