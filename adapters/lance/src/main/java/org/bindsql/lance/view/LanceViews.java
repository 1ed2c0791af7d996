package org.bindsql.lance.view;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.UUID;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.Durable;
import org.bindsql.lance.dataset.Location;
import org.bindsql.lance.dataset.TableNames;
import org.bindsql.lance.jni.LanceErrors;
import org.jspecify.annotations.Nullable;

/** The views of a local folder: each is a file {@code NAME.view}. An object store has none. */
public final class LanceViews {
  private static final String SUFFIX = ".view";

  private LanceViews() {}

  /** Names of the views in a folder; none if there is no such folder. */
  public static NavigableSet<String> list(Location folder) {
    NavigableSet<String> names = new TreeSet<>();
    Path path = folder.path();
    if (path == null) {
      return names;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "*" + SUFFIX)) {
      for (Path file : files) {
        String entry = file.getFileName().toString();
        String name = entry.substring(0, entry.length() - SUFFIX.length());
        if (TableNames.isSafe(name) && Files.isRegularFile(file)) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return names;
    } catch (IOException e) {
      throw LanceErrors.translate("list of views in " + folder, e);
    }
    return names;
  }

  /** The view of exactly this name, or null if there is none. Its file is read when it is used. */
  public static @Nullable LanceView find(Location folder, String name) {
    return folder.isLocal() && TableNames.isSafe(name) && Files.isRegularFile(file(folder, name))
        ? new LanceView(name, file(folder, name))
        : null;
  }

  static ViewDefinition read(String name, Path file) {
    try {
      return ViewDefinition.of(name, Files.readString(file));
    } catch (IOException e) {
      throw LanceErrors.translate("read of the file of view '" + name + "'", e);
    }
  }

  /**
   * Makes a view, on disk when this returns.
   *
   * @param replace whether another of the same name goes
   * @throws BindSqlException TABLE_EXISTS if there is one and it stays; NOT_ALLOWED if the name
   *     could lead out of the folder; NOT_SUPPORTED in an object store
   */
  public static void create(
      Location folder, String name, ViewDefinition definition, boolean replace) {
    TableNames.locate(folder, name); // checks the name
    Path path = folder.path();
    if (path == null) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "views are kept in local folders only, not in " + folder);
    }
    try {
      Files.createDirectories(path);
      Path written = path.resolve(".bindsql-view-" + UUID.randomUUID());
      try {
        write(written, definition.text());
        if (replace) {
          Files.move(written, file(folder, name), StandardCopyOption.ATOMIC_MOVE);
        } else {
          Files.createLink(file(folder, name), written); // fails if there is one
        }
        Durable.forceDirectory(path);
      } finally {
        Files.deleteIfExists(written);
      }
    } catch (FileAlreadyExistsException e) {
      throw new BindSqlException(ErrorCode.TABLE_EXISTS, "view '" + name + "' exists", e);
    } catch (IOException e) {
      throw LanceErrors.translate("write of view '" + name + "'", e);
    }
  }

  private static void write(Path file, String text) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** Removes a view; returns whether there was one. */
  public static boolean drop(Location folder, String name) {
    TableNames.locate(folder, name); // checks the name
    try {
      boolean dropped = folder.isLocal() && Files.deleteIfExists(file(folder, name));
      if (dropped) {
        Durable.forceDirectory(folder.localPath());
      }
      return dropped;
    } catch (IOException e) {
      throw LanceErrors.translate("drop of view '" + name + "'", e);
    }
  }

  private static Path file(Location folder, String name) {
    return folder.localPath().resolve(name + SUFFIX);
  }
}
