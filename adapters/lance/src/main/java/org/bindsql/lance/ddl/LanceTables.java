package org.bindsql.lance.ddl;

import java.nio.file.Files;
import java.util.Map;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.TableNames;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.lance.definition.TableOptions;
import org.bindsql.lance.jni.LanceErrors;
import org.bindsql.lance.write.BatchStream;
import org.bindsql.vector.BatchReader;
import org.lance.Dataset;
import org.lance.ReadOptions;
import org.lance.WriteDatasetBuilder;
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
   * Writes the active rows of a reader as one new version of a table of which only the columns are
   * said.
   *
   * @see #write(Location, String, TableDefinition, BatchReader, Mode, LanceSession)
   */
  public static long write(
      Location folder,
      String name,
      Schema schema,
      BatchReader rows,
      Mode mode,
      LanceSession session) {
    return write(folder, name, TableDefinition.of(schema), rows, mode, session);
  }

  /**
   * Writes the active rows of a reader as one new version of a table.
   *
   * <p>Memory stays bounded by the batches. Either all rows are there afterwards or the table is as
   * it was before; a table that did not exist does not exist after a failure.
   *
   * @param folder the database folder; made if missing
   * @param definition the columns, in the order of the reader's; its options and comment are not
   *     looked at when rows are appended
   * @param rows read to its end and closed
   * @return number of rows written
   * @throws BindSqlException TABLE_EXISTS; TYPE_MISMATCH if appended columns differ; NOT_ALLOWED if
   *     the name could lead out of the folder; whatever the reader throws
   */
  public static long write(
      Location folder,
      String name,
      TableDefinition definition,
      BatchReader rows,
      Mode mode,
      LanceSession session) {
    try (BatchStream stream = new BatchStream(session.allocator(), definition.schema(), rows)) {
      try {
        write(folder, name, definition, stream, mode, session);
        return stream.rows();
      } catch (BindSqlException e) {
        Throwable failure = stream.failure();
        if (failure instanceof RuntimeException source
            && !(source instanceof OutOfMemoryException)) {
          throw source; // of the query, not of Lance
        }
        throw failure == null ? e : LanceErrors.translate("write of table " + name, failure);
      }
    } catch (java.io.IOException e) {
      throw LanceErrors.translate("write of table " + name, e);
    }
  }

  /** Writes the rows of an Arrow reader, which stays open, as one new version of a table. */
  public static void write(
      Location folder, String name, ArrowReader rows, Mode mode, LanceSession session) {
    Schema schema;
    try {
      schema = rows.getVectorSchemaRoot().getSchema();
    } catch (java.io.IOException e) {
      throw LanceErrors.translate("write of table " + name, e);
    }
    write(folder, name, TableDefinition.of(schema), rows, mode, session);
  }

  private static void write(
      Location folder,
      String name,
      TableDefinition definition,
      ArrowReader rows,
      Mode mode,
      LanceSession session) {
    folder.checkWritable("write of table " + name);
    Location dataset = TableNames.locate(folder, name);
    if (mode == Mode.CREATE && exists(dataset, session)) {
      throw exists(name, folder);
    }
    String doing = "write of table " + name;
    session.load();
    try (DatasetLock.Hold inPlace = DatasetLock.share(dataset, () -> {});
        ArrowArrayStream stream = ArrowArrayStream.allocateNew(session.allocator())) {
      boolean exists = exists(dataset, session);
      if (exists && mode == Mode.CREATE) {
        throw exists(name, folder);
      }
      Data.exportArrayStream(session.allocator(), rows, stream);
      if (exists) {
        if (mode == Mode.APPEND) {
          append(dataset, stream, session);
        } else {
          TableReplacement.replace(dataset, definition, stream, session);
        }
        if (dataset.isLocal()) {
          Durable.force(dataset.localPath());
        }
      } else if (dataset.isLocal()) {
        try (Staging staging = Staging.in(folder.localPath())) {
          create(Location.of(staging.directory()), definition, stream, session);
          if (!staging.publish(dataset.localPath())) {
            throw exists(name, folder);
          }
        }
      } else {
        // The store takes the first manifest only if there is none: nobody sees half a table.
        create(dataset, definition, stream, session);
      }
    } catch (Exception e) {
      throw LanceErrors.translate(doing, e);
    }
  }

  private static void append(Location dataset, ArrowArrayStream stream, LanceSession session) {
    Dataset.write().allocator(session.allocator()).stream(stream)
        .uri(dataset.uri())
        .storageOptions(dataset.storageOptions())
        .mode(WriteMode.APPEND)
        .execute()
        .close();
  }

  private static void create(
      Location dataset, TableDefinition asked, ArrowArrayStream stream, LanceSession session) {
    TableDefinition definition = asked.storable(null);
    TableOptions options = definition.options();
    WriteDatasetBuilder write =
        Dataset.write().allocator(session.allocator()).stream(stream)
            .uri(dataset.uri())
            .storageOptions(dataset.storageOptions())
            .mode(WriteMode.CREATE)
            .enableStableRowIds(Boolean.TRUE.equals(options.stableRowIds()));
    if (options.storageVersion() != null) {
      write.dataStorageVersion(options.storageVersion());
    }
    if (options.maxRowsPerFile() != null) {
      write.maxRowsPerFile(options.maxRowsPerFile());
    }
    if (options.maxBytesPerFile() != null) {
      write.maxBytesPerFile(options.maxBytesPerFile());
    }
    try (Dataset created = write.execute()) {
      if (created.version() != 1) {
        // Made by somebody else after we looked and before Lance did, which then overwrites.
        restore(dataset, created.version() - 1, session);
        throw new BindSqlException(
            ErrorCode.TABLE_EXISTS, "table at " + dataset + " was made by somebody else meanwhile");
      }
      Map<String, String> config = definition.config();
      if (!config.isEmpty()) {
        created.updateConfig(config);
      }
    }
  }

  private static void restore(Location dataset, long version, LanceSession session) {
    ReadOptions options =
        new ReadOptions.Builder()
            .setVersion(version)
            .setStorageOptions(dataset.storageOptions())
            .build();
    try (Dataset theirs =
        Dataset.open()
            .allocator(session.allocator())
            .uri(dataset.uri())
            .readOptions(options)
            .build()) {
      theirs.restore();
    }
  }

  private static boolean exists(Location dataset, LanceSession session) {
    return dataset.isLocal()
        ? Files.isDirectory(dataset.localPath())
        : session.find(dataset) != null;
  }

  private static BindSqlException exists(String name, Location folder) {
    return new BindSqlException(
        ErrorCode.TABLE_EXISTS, "table " + name + " already exists in " + folder);
  }

  /** As {@link #drop(Location, String, LanceSession, Runnable)}, however long it waits. */
  public static boolean drop(Location folder, String name, LanceSession session) {
    return drop(folder, name, session, () -> {});
  }

  /**
   * Removes a table with all its versions; waits for the changes of it that this process is making.
   *
   * @param checkpoint run while it waits; what it throws ends the wait
   * @return whether there was one
   * @throws BindSqlException NOT_ALLOWED if the name could lead out of the folder; OBJECT_IN_USE if
   *     this thread is changing the table
   */
  public static boolean drop(
      Location folder, String name, LanceSession session, Runnable checkpoint) {
    folder.checkWritable("drop of table " + name);
    Location dataset = TableNames.locate(folder, name);
    try (DatasetLock.Hold alone = DatasetLock.own(dataset, checkpoint)) {
      return drop(folder, dataset, "drop of table " + name, session);
    }
  }

  private static boolean drop(
      Location folder, Location dataset, String doing, LanceSession session) {
    if (!exists(dataset, session)) {
      return false;
    }
    session.forget(dataset);
    if (!dataset.isLocal()) {
      try {
        Dataset.drop(dataset.uri(), dataset.storageOptions());
        return true;
      } catch (Exception e) { // lance-core throws IOException undeclared
        throw LanceErrors.translate(doing, e);
      }
    }
    try (Staging grave = Staging.in(folder.localPath())) {
      return grave.take(dataset.localPath());
    } catch (java.io.IOException e) {
      throw LanceErrors.translate(doing, e);
    }
  }
}
