package org.bindsql.lance.dataset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
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
public final class Durable {
  /**
   * Name of the variable that says whether a commit of a change waits for the disk; it does unless
   * the value is {@code false}.
   */
  public static final String VARIABLE = "durable";

  private Durable() {}

  /** Whether a statement's commit waits for the disk. */
  public static boolean wanted(ExecutionContext context) {
    return !"false".equals(String.valueOf(context.variables().apply(VARIABLE)));
  }

  /** Forces every file and directory of a dataset. */
  public static void force(Path dataset) throws IOException {
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

  /**
   * Forces the files and directories of a dataset that changed since a time and are still there.
   */
  public static void forceChanged(Path dataset, Instant since) throws IOException {
    Files.walkFileTree(
        dataset,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!attributes.lastModifiedTime().toInstant().isBefore(since)) {
              forceIfPresent(file, Durable::forceFile);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException failure)
              throws IOException {
            if (failure instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE; // removed by VACUUM
            }
            throw failure;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            forceIfPresent(directory, Durable::forceDirectory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private interface Force {
    void run(Path path) throws IOException;
  }

  private static void forceIfPresent(Path path, Force force) throws IOException {
    try {
      force.run(path);
    } catch (NoSuchFileException e) {
      return; // removed by VACUUM
    }
  }

  /** Forces files and the directories that they are in. */
  public static void force(List<Path> files) throws IOException {
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
  public static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (java.nio.file.AccessDeniedException e) {
      return; // Windows; Lance has no library for it
    }
  }

  /** Forces what a commit wrote: after its data, its transaction, manifest and directories. */
  public static void forceCommit(DatasetFiles files, long version, String transaction)
      throws IOException {
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
