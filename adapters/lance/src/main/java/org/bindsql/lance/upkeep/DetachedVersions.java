package org.bindsql.lance.upkeep;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;

/**
 * Versions outside the history, as transactions make them, that a killed process left behind.
 * Lance's clean-up takes their data files and leaves their manifests.
 */
final class DetachedVersions {
  private static final String NAMES = "d*.manifest";

  private DetachedVersions() {}

  /**
   * Removes the manifests of detached versions that are older than a time.
   *
   * @param versions the directory of a dataset's manifests
   * @return bytes removed
   */
  static long remove(Path versions, Instant before) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> manifests = Files.newDirectoryStream(versions, NAMES)) {
      for (Path manifest : manifests) {
        if (isDetached(manifest) && isOlder(manifest, before)) {
          long size = Files.size(manifest);
          bytes += Files.deleteIfExists(manifest) ? size : 0;
        }
      }
    }
    return bytes;
  }

  private static boolean isDetached(Path manifest) {
    String name = manifest.getFileName().toString();
    return name.substring(1, name.indexOf('.')).chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isOlder(Path manifest, Instant before) throws IOException {
    try {
      return Files.getLastModifiedTime(manifest).toInstant().isBefore(before);
    } catch (NoSuchFileException e) {
      return false; // its transaction has ended
    }
  }
}
