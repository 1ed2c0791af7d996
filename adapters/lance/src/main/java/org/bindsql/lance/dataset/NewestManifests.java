package org.bindsql.lance.dataset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The newest manifests of datasets on disk. Every statement asks, and versions stay for weeks, so a
 * directory is listed again only if it may have changed: a listing takes 0.4 ms per 1,000 versions.
 *
 * <p>What was found is believed as long as the file is the same, there is none of the version after
 * it, and the directory has not changed since. Each alone would not do: the next version may have
 * gone again while a tag keeps this one, and a directory's time tells changes apart only if there
 * is a tick of the file system's clock between them. Thread-safe.
 */
final class NewestManifests {
  /**
   * A directory that changed less long ago than this may change again without another time: clocks
   * of file systems tick every few milliseconds, the slowest (FAT) every two seconds.
   */
  private static final long SETTLED_MILLIS = 3_000;

  /** Datasets that are remembered. */
  private static final int MAX_SEEN = 10_000;

  private record Seen(FileTime changed, @Nullable Object directory, Manifest newest) {}

  private final Map<Path, Seen> seen = new ConcurrentHashMap<>();

  /** As {@link Manifest#newest}. */
  @Nullable Manifest of(Path dataset) throws IOException {
    BasicFileAttributes versions;
    try {
      versions =
          Files.readAttributes(dataset.resolve(Manifest.DIRECTORY), BasicFileAttributes.class);
    } catch (IOException e) {
      return Manifest.newest(dataset); // which says it
    }
    Seen before = seen.get(dataset);
    if (before != null
        && before.changed().equals(versions.lastModifiedTime())
        && Objects.equals(before.directory(), versions.fileKey())
        && isNewest(before.newest())) {
      return before.newest();
    }
    boolean settled =
        System.currentTimeMillis() - versions.lastModifiedTime().toMillis() > SETTLED_MILLIS;
    Manifest newest = Manifest.newest(dataset);
    if (newest == null || !settled) {
      seen.remove(dataset);
    } else {
      if (seen.size() >= MAX_SEEN) {
        seen.clear();
      }
      seen.put(dataset, new Seen(versions.lastModifiedTime(), versions.fileKey(), newest));
    }
    return newest;
  }

  private static boolean isNewest(Manifest manifest) {
    Path file = Objects.requireNonNull(manifest.file());
    try {
      return manifest.equals(Manifest.read(file, manifest.version()))
          && Files.notExists(manifest.fileOfNext());
    } catch (IOException e) {
      return false;
    }
  }
}
