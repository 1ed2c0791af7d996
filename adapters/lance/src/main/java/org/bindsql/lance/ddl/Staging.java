package org.bindsql.lance.ddl;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;
import java.util.stream.Stream;
import org.bindsql.lance.dataset.Durable;

/**
 * A hidden directory beside the tables, in which one grows until it is complete, or goes to be
 * deleted. Renaming is atomic, so nobody ever sees half a table; closing deletes what is left.
 */
final class Staging implements AutoCloseable {
  private static final String PREFIX = ".bindsql-staging-";

  /** A process killed while writing leaves its directory; after this time it is swept. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Path folder;
  private final Path home;

  private Staging(Path folder, Path home) {
    this.folder = folder;
    this.home = home;
  }

  static Staging in(Path folder) throws IOException {
    Files.createDirectories(folder);
    sweep(folder);
    return new Staging(folder, Files.createDirectory(folder.resolve(PREFIX + UUID.randomUUID())));
  }

  /** Where the table grows; does not exist yet. */
  Path directory() {
    return home.resolve("table.lance");
  }

  /** Gives the complete table its place; false if the place is taken. */
  boolean publish(Path target) throws IOException {
    Durable.force(directory());
    try {
      Files.move(directory(), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      return false;
    } catch (FileSystemException e) {
      if (Files.exists(target)) {
        return false;
      }
      throw e;
    }
    Durable.forceDirectory(folder);
    return true;
  }

  /** Takes a table away at once, to delete it on close; false if it is gone already. */
  boolean take(Path table) throws IOException {
    try {
      Files.move(table, directory(), StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    delete(home);
  }

  private static void sweep(Path folder) throws IOException {
    Instant limit = Instant.now().minus(ABANDONED);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*")) {
      for (Path home : left) {
        if (lastChange(home).isBefore(limit)) {
          delete(home);
        }
      }
    }
  }

  /** The newest modification time below a directory: a long write touches its data files. */
  private static Instant lastChange(Path home) throws IOException {
    Instant newest = Instant.EPOCH;
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Instant time = Files.getLastModifiedTime(file).toInstant();
        newest = time.isAfter(newest) ? time : newest;
      }
    } catch (NoSuchFileException | java.io.UncheckedIOException e) {
      return Instant.now(); // somebody is at work in it
    }
    return newest;
  }

  private static void delete(Path home) throws IOException {
    if (!Files.exists(home)) {
      return;
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(file);
      }
    }
  }
}
