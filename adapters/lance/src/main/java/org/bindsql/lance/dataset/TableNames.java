package org.bindsql.lance.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.jni.LanceErrors;

/** The mapping between table names and directories of a folder. */
public final class TableNames {
  private static final String SUFFIX = ".lance";

  private TableNames() {}

  /** Names of the tables in a local folder; none if there is no such folder. */
  public static NavigableSet<String> list(Path folder) {
    NavigableSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path entry : entries) {
        String file = entry.getFileName().toString();
        String name = file.substring(0, file.length() - SUFFIX.length());
        if (isSafe(name) && Files.isDirectory(entry)) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException e) {
      return names;
    } catch (NotDirectoryException e) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED, "database folder " + folder + " is a file, not a folder", e);
    } catch (IOException e) {
      throw LanceErrors.translate("list of folder " + folder, e);
    }
    return names;
  }

  /**
   * Place of the table with the given name, which need not exist.
   *
   * @throws BindSqlException NOT_ALLOWED if the name could lead out of the folder
   */
  public static Location locate(Location folder, String name) {
    if (!isSafe(name)) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "table name '"
              + name
              + "' cannot be stored in a folder: it must not be empty, begin with '.', end with '.'"
              + " or ' ', or contain '/', '\\', ':' or control characters");
    }
    try {
      Location dataset = folder.resolve(name + SUFFIX);
      Path directory = dataset.path();
      if (directory == null || folder.localPath().equals(directory.getParent())) {
        return dataset;
      }
    } catch (InvalidPathException e) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED, "table name '" + name + "' is no file name here: " + e, e);
    }
    throw new BindSqlException(
        ErrorCode.NOT_ALLOWED, "table name '" + name + "' leads out of folder " + folder);
  }

  /** The name of the table that lies, itself or one of its branches, at a location. */
  static String of(Location dataset) {
    String[] segments = dataset.uri().split("[/\\\\]");
    for (int i = segments.length - 1; i >= 0; i--) {
      if (segments[i].endsWith(SUFFIX)) {
        return segments[i].substring(0, segments[i].length() - SUFFIX.length());
      }
    }
    return segments[segments.length - 1];
  }

  /** Path or URI of the folder of the table that lies, itself or a branch of it, at a location. */
  static String folder(Location dataset) {
    String uri = dataset.uri();
    int end = uri.lastIndexOf(SUFFIX);
    return uri.substring(
        0, Math.max(0, Math.max(uri.lastIndexOf('/', end), uri.lastIndexOf('\\', end))));
  }

  /** Whether the name denotes a directory directly in the folder, on every file system. */
  public static boolean isSafe(String name) {
    if (name.isEmpty() || name.startsWith(".") || name.endsWith(".") || name.endsWith(" ")) {
      return false;
    }
    return name.chars().noneMatch(c -> c < ' ' || c == 0x7f || "/\\:".indexOf(c) >= 0);
  }
}
