package org.bindsql.lance;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Data on the disk rather than in the system's memory.
 *
 * <p>Lance does not do this on local file systems; a power cut can then leave a newest manifest of
 * zeros, which makes the table unreadable.
 */
final class Durable {
  private Durable() {}

  /** Forces every file and directory of a dataset. */
  static void force(Path dataset) throws IOException {
    try (Stream<Path> files = Files.walk(dataset)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isDirectory(file)) {
          forceDirectory(file);
        } else {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
      }
    }
  }

  /** Forces a directory's entries, where the system lets a directory be opened. */
  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (java.nio.file.AccessDeniedException e) {
      return; // Windows; Lance has no library for it
    }
  }
}
