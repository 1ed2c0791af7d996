package org.bindsql.lance.jni;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Locale;
import java.util.Set;

/**
 * Per-user folder of unpacked native libraries, safe for many processes at once.
 *
 * <p>A library appears under its final name only when it is complete; its name holds size and CRC
 * of the packed original. A process killed while unpacking leaves one partial file, which the next
 * one overwrites.
 */
final class NativeCache {
  /** System property that names the folder, instead of {@code ~/.cache/bindsql/native}. */
  static final String FOLDER_PROPERTY = "bindsql.native.cache";

  private final Path folder;

  private NativeCache(Path folder) {
    this.folder = folder;
  }

  /** Opens the cache of this user. */
  static NativeCache open() throws IOException {
    String configured = System.getProperty(FOLDER_PROPERTY);
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path folder =
        configured != null
            ? Path.of(configured)
            : xdg != null && Path.of(xdg).isAbsolute()
                ? Path.of(xdg, "bindsql", "native")
                : Path.of(System.getProperty("user.home"), ".cache", "bindsql", "native");
    folder = folder.toAbsolutePath();
    Files.createDirectories(folder);
    makePrivate(folder);
    return new NativeCache(folder);
  }

  /** Code is loaded from here, so nobody else may be able to put something in its place. */
  private static void makePrivate(Path folder) throws IOException {
    if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Files.setPosixFilePermissions( // fails if the folder belongs to someone else
        folder,
        Set.of(
            PosixFilePermission.OWNER_READ,
            PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.OWNER_EXECUTE));
  }

  /**
   * Path of the library with the given identity, unpacking it if need be.
   *
   * @param size bytes of the library, more than 0
   */
  Path get(String name, long size, long crc, NativeLibrary.Content content) throws IOException {
    int dot = name.lastIndexOf('.');
    String stem = String.format(Locale.ROOT, "%s-%d-%08x", name.substring(0, dot), size, crc);
    Path library = folder.resolve(stem + name.substring(dot));
    if (isComplete(library, size)) {
      return library;
    }
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (!lock.isValid() || isComplete(library, size)) {
        return library;
      }
      Path partial = folder.resolve("unpacking");
      try (InputStream in = content.open()) {
        Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      if (Files.size(partial) != size) {
        throw new IOException(partial + " has " + Files.size(partial) + " bytes, expected " + size);
      }
      try (FileChannel written = FileChannel.open(partial, StandardOpenOption.WRITE)) {
        written.force(true); // a power cut must not leave a file of the right size without content
      }
      Files.move(partial, library, StandardCopyOption.ATOMIC_MOVE);
      return library;
    }
  }

  private static boolean isComplete(Path library, long size) throws IOException {
    return Files.isRegularFile(library, LinkOption.NOFOLLOW_LINKS) && Files.size(library) == size;
  }
}
