package org.bindsql.lance.dataset;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.lance.Version;

/**
 * One version's manifest: a file on disk, found without the native library, or what Lance tells of
 * it in an object store.
 *
 * <p>Size, time and file key are part of the identity because a table that was dropped and created
 * anew has the same path and version numbers as before.
 *
 * @param file the manifest, or null in an object store
 * @param version the version it describes, from 1; negative if it is detached
 * @param size bytes; -1 in an object store
 * @param modified last modification time, nanoseconds where the file system has them; in an object
 *     store the time of the commit
 * @param fileKey what the file system calls the file, or an empty text
 */
public record Manifest(
    @Nullable Path file, long version, long size, long modified, String fileKey) {
  /** Where a dataset's manifests lie. */
  static final String DIRECTORY = "_versions";

  private static final String SUFFIX = ".manifest";

  /** Digits of a version number in the naming scheme that sorts the newest version first. */
  private static final int INVERTED_DIGITS = 20;

  /** The manifest of an opened version of a dataset in an object store. */
  public static Manifest of(Version version) {
    Instant committed = version.getDataTime().toInstant();
    return new Manifest(
        null,
        version.getId(),
        -1,
        TimeUnit.SECONDS.toNanos(committed.getEpochSecond()) + committed.getNano(),
        "");
  }

  /** The manifest of a detached version in an object store, whose number nothing else has. */
  public static Manifest detached(long version) {
    return new Manifest(null, version, -1, -1, "");
  }

  /** The manifests of all versions of a dataset on disk, the newest first. */
  public static List<Manifest> all(Path dataset) throws IOException {
    List<Manifest> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dataset.resolve(DIRECTORY))) {
      for (Path file : files) {
        long version = version(file.getFileName().toString());
        if (version > 0) {
          all.add(read(file, version));
        }
      }
    }
    all.sort((a, b) -> Long.compare(b.version(), a.version()));
    return all;
  }

  /** The newest manifest of a dataset on disk, or null if it has none. */
  public static @Nullable Manifest newest(Path dataset) throws IOException {
    Path newest = null;
    long version = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(dataset.resolve(DIRECTORY))) {
      for (Path file : files) {
        long candidate = version(file.getFileName().toString());
        if (candidate > version) {
          version = candidate;
          newest = file;
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return null;
    }
    try {
      return newest == null ? null : read(newest, version);
    } catch (NoSuchFileException e) {
      return newest(dataset); // it went after it was listed, and so may have the dataset
    }
  }

  /**
   * The manifest of a version of a dataset on disk, or null if there is no such version.
   *
   * @param version from 1
   */
  static @Nullable Manifest of(Path dataset, long version) throws IOException {
    for (String stem : List.of(Long.toUnsignedString(-1L - version), Long.toString(version))) {
      try {
        return read(dataset.resolve(DIRECTORY).resolve(stem + SUFFIX), version);
      } catch (NoSuchFileException e) {
        continue;
      }
    }
    return null;
  }

  /** The manifest of a version in a given file. */
  public static Manifest read(Path file, long version) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    Object key = attributes.fileKey();
    return new Manifest(
        file,
        version,
        attributes.size(),
        attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS),
        key == null ? "" : key.toString());
  }

  /** Where the manifest of the version after this one would lie; on disk only. */
  Path fileOfNext() {
    Path own = Objects.requireNonNull(file);
    boolean inverted = own.getFileName().toString().length() == INVERTED_DIGITS + SUFFIX.length();
    long next = version + 1;
    return own.resolveSibling(
        (inverted ? Long.toUnsignedString(-1L - next) : Long.toString(next)) + SUFFIX);
  }

  /** Version of a file name of either naming scheme; 0 if it is no manifest of a table version. */
  private static long version(String name) {
    if (!name.endsWith(SUFFIX)) {
      return 0;
    }
    String stem = name.substring(0, name.length() - SUFFIX.length());
    try {
      return stem.length() == INVERTED_DIGITS
          ? -1L - Long.parseUnsignedLong(stem)
          : Long.parseLong(stem);
    } catch (NumberFormatException e) {
      return 0; // a detached version, or a stranger's file
    }
  }
}
