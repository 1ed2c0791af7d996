package org.bindsql.lance;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.vector.BatchReader;
import org.lance.Dataset;
import org.lance.WriteParams.WriteMode;

/** Creation, filling and removal of the tables of a folder. */
public final class LanceTables {
  /** What to do about a table of the same name. */
  public enum Mode {
    /** Fail with TABLE_EXISTS. */
    CREATE,
    /** Replace columns and rows; older versions stay readable. */
    REPLACE,
    /** Add the rows; the table is created if there is none. */
    APPEND
  }

  private LanceTables() {}

  /**
   * Writes the active rows of a reader as one new version of a table.
   *
   * <p>Memory stays bounded by the batches. Either all rows are there afterwards or the table is as
   * it was before; a table that did not exist does not exist after a failure.
   *
   * @param folder the database folder; made if missing
   * @param schema the columns, in the order of the reader's
   * @param rows read to its end and closed
   * @return number of rows written
   * @throws BindSqlException TABLE_EXISTS; TYPE_MISMATCH if appended columns differ; NOT_ALLOWED if
   *     the name could lead out of the folder; whatever the reader throws
   */
  public static long write(
      Path folder, String name, Schema schema, BatchReader rows, Mode mode, LanceSession session) {
    try (BatchStream stream = new BatchStream(session.allocator(), schema, rows)) {
      try {
        write(folder, name, stream, mode, session);
        return stream.rows();
      } catch (BindSqlException e) {
        Throwable failure = stream.failure();
        throw failure == null ? e : LanceErrors.translate("write of table " + name, failure);
      }
    } catch (java.io.IOException e) {
      throw LanceErrors.translate("write of table " + name, e);
    }
  }

  /** Writes the rows of an Arrow reader, which stays open, as one new version of a table. */
  public static void write(
      Path folder, String name, ArrowReader rows, Mode mode, LanceSession session) {
    Path root = folder.toAbsolutePath().normalize();
    Path directory = TableNames.directory(root, name);
    boolean exists = Files.isDirectory(directory);
    if (exists && mode == Mode.CREATE) {
      throw exists(name, root);
    }
    String doing = "write of table " + name;
    session.load();
    try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(session.allocator())) {
      Data.exportArrayStream(session.allocator(), rows, stream);
      if (exists) {
        WriteMode how = mode == Mode.APPEND ? WriteMode.APPEND : WriteMode.OVERWRITE;
        write(directory, stream, how, session);
        Durable.force(directory);
      } else {
        try (Staging staging = Staging.in(root)) {
          write(staging.directory(), stream, WriteMode.CREATE, session);
          if (!staging.publish(directory)) {
            throw exists(name, root);
          }
        }
      }
    } catch (Exception e) {
      throw LanceErrors.translate(doing, e);
    }
  }

  private static void write(
      Path directory, ArrowArrayStream stream, WriteMode how, LanceSession session) {
    Dataset.write().allocator(session.allocator()).stream(stream)
        .uri(directory.toString())
        .mode(how)
        .execute()
        .close();
  }

  private static BindSqlException exists(String name, Path folder) {
    return new BindSqlException(
        ErrorCode.TABLE_EXISTS, "table " + name + " already exists in " + folder);
  }

  /**
   * Removes a table with all its versions.
   *
   * @return whether there was one
   * @throws BindSqlException NOT_ALLOWED if the name could lead out of the folder
   */
  public static boolean drop(Path folder, String name, LanceSession session) {
    Path root = folder.toAbsolutePath().normalize();
    Path directory = TableNames.directory(root, name);
    if (!Files.isDirectory(directory)) {
      return false;
    }
    session.forget(directory);
    try (Staging grave = Staging.in(root)) {
      return grave.take(directory);
    } catch (java.io.IOException e) {
      throw LanceErrors.translate("drop of table " + name, e);
    }
  }
}
