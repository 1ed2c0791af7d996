package org.bindsql.lance.ddl;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.DatasetLock;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.LanceSession;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.TableNames;
import org.bindsql.lance.jni.LanceErrors;

/** The folders in a local database folder that are schemas: all that are no table. */
public final class SchemaFolders {
  private SchemaFolders() {}

  /** Names of the schemas; none in an object store. */
  public static NavigableSet<String> list(Location database) {
    NavigableSet<String> names = new TreeSet<>();
    Path path = database.path();
    if (path == null) {
      return names;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (isSchema(name) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      return names;
    } catch (IOException e) {
      throw LanceErrors.translate("list of folder " + database, e);
    }
    return names;
  }

  private static boolean isSchema(String name) {
    return TableNames.isSafe(name) && !name.endsWith(".lance");
  }

  /** The folder of a schema. */
  public static Location locate(Location database, String name) {
    if (!isSchema(name)) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "schema name '"
              + name
              + "' cannot be a folder: it must not be empty, begin with '.', end with '.', ' ' or"
              + " '.lance', or contain '/', '\\', ':' or control characters");
    }
    return database.resolve(name);
  }

  /**
   * Makes a schema; returns false if there is one.
   *
   * @throws BindSqlException NOT_ALLOWED if the name could lead out of the folder; NOT_SUPPORTED in
   *     an object store
   */
  public static boolean create(Location database, String name) {
    Location folder = locate(database, name);
    Path path = folder.path();
    if (path == null) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "schemas are made in local folders only, not in " + database);
    }
    try {
      Files.createDirectories(database.localPath());
      Files.createDirectory(path);
      Durable.forceDirectory(database.localPath());
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw LanceErrors.translate("CREATE SCHEMA " + name, e);
    }
  }

  /**
   * Removes a schema, all at once; returns false if there is none.
   *
   * @param cascade whether its tables and views go too
   * @param checkpoint run while changes of its tables are waited for; what it throws ends the wait
   * @throws BindSqlException NOT_ALLOWED if it is not empty and they do not, or if it holds what is
   *     neither table nor view
   */
  public static boolean drop(
      Location database, String name, boolean cascade, LanceSession session, Runnable checkpoint) {
    Location folder = locate(database, name);
    if (!folder.isLocal() || !Files.isDirectory(folder.localPath())) {
      return false;
    }
    Path path = folder.localPath();
    try {
      if (!cascade) {
        Files.delete(path);
        return true;
      }
      checkOwn(name, path);
      List<DatasetLock.Hold> alone = new ArrayList<>();
      try (Staging grave = Staging.in(database.localPath())) {
        for (String table : TableNames.list(path)) { // in order, so that no two wait in a ring
          Location dataset = TableNames.locate(folder, table);
          alone.add(DatasetLock.own(dataset, checkpoint));
          session.forget(dataset);
        }
        return grave.take(path);
      } finally {
        alone.forEach(DatasetLock.Hold::close);
      }
    } catch (NoSuchFileException e) {
      return false;
    } catch (DirectoryNotEmptyException e) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "schema '" + name + "' is not empty; DROP SCHEMA ... CASCADE removes what is in it",
          e);
    } catch (IOException e) {
      throw LanceErrors.translate("DROP SCHEMA " + name, e);
    }
  }

  private static void checkOwn(String name, Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String file = entry.getFileName().toString();
        if (!file.endsWith(".lance") && !file.endsWith(".view") && !file.startsWith(".bindsql-")) {
          throw new BindSqlException(
              ErrorCode.NOT_ALLOWED,
              "the folder of schema '" + name + "' holds '" + file + "', which is no table");
        }
      }
    }
  }
}
