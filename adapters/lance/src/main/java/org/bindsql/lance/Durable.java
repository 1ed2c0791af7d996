package org.bindsql.lance;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bindsql.exec.ExecutionContext;
import org.jspecify.annotations.Nullable;

/**
 * Data on the disk rather than in the system's memory.
 *
 * <p>Lance does not do this on local file systems; a power cut can then leave a newest manifest of
 * zeros, which makes the table unreadable.
 */
final class Durable {
  private Durable() {}

  /** Whether a statement's commit waits for the disk. */
  static boolean wanted(ExecutionContext context) {
    return !"false".equals(String.valueOf(context.variables().apply(LanceTable.DURABLE)));
  }

  /** Forces every file and directory of a dataset. */
  static void force(Path dataset) throws IOException {
    try (Stream<Path> files = Files.walk(dataset)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        if (Files.isDirectory(file)) {
          forceDirectory(file);
        } else {
          forceFile(file);
        }
      }
    }
  }

  /** Forces files and the directories that they are in. */
  static void force(List<Path> files) throws IOException {
    Set<Path> directories = new LinkedHashSet<>();
    for (Path file : files) {
      forceFile(file);
      @Nullable Path directory = file.getParent();
      if (directory != null) {
        directories.add(directory);
      }
    }
    for (Path directory : directories) {
      forceDirectory(directory);
    }
  }

  private static void forceFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
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

  /** Forces what a commit wrote: after its data, its transaction, manifest and directories. */
  static void forceCommit(DatasetFiles files, long version, String transaction) throws IOException {
    List<Path> written = new java.util.ArrayList<>();
    Path own = files.transaction(transaction);
    if (own != null) {
      written.add(own);
    }
    written.add(files.manifest(version));
    force(written);
    forceDirectory(files.dataset());
  }
}
