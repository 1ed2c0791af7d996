package org.bindsql.lance.dataset;

import java.nio.file.Path;
import java.util.Map;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Where a dataset, or a folder of datasets, lies: a directory of the local file system, or a place
 * in an object store together with the options that open it.
 *
 * <p>The options may hold credentials. They take part in equality, so that nobody reads through
 * another's open handle, and are never printed.
 */
public final class Location {
  private final String uri;
  private final @Nullable Path path;
  private final Map<String, String> options;
  private final boolean readOnly;

  private Location(String uri, @Nullable Path path, Map<String, String> options, boolean readOnly) {
    this.uri = uri;
    this.path = path;
    this.options = Map.copyOf(options);
    this.readOnly = readOnly;
  }

  /** A local directory, which need not exist. */
  public static Location of(Path directory) {
    Path path = directory.toAbsolutePath().normalize();
    return new Location(path.toString(), path, Map.of(), false);
  }

  /**
   * A place in an object store.
   *
   * @param uri scheme, store and prefix, as {@code s3://bucket/folder}
   * @param options the store's options under the names that Lance knows; secret
   */
  public static Location remote(String uri, Map<String, String> options) {
    return new Location(uri.replaceFirst("/+$", ""), null, options, false);
  }

  /** What Lance opens: an absolute path, or the URI. */
  public String uri() {
    return uri;
  }

  /** The local directory, or null if the location is not on a local file system. */
  public @Nullable Path path() {
    return path;
  }

  /** The local directory; fails if there is none, so only for what {@link #isLocal}. */
  public Path localPath() {
    if (path == null) {
      throw new IllegalStateException(this + " is not on a local file system");
    }
    return path;
  }

  /** Whether the location is on a local file system. */
  public boolean isLocal() {
    return path != null;
  }

  /** The options of the object store; secret, and empty for a local directory. */
  public Map<String, String> storageOptions() {
    return options;
  }

  /** The entry of the given name in this folder. The name is one segment: {@link TableNames}. */
  public Location resolve(String name) {
    Location entry =
        path == null
            ? new Location(uri + "/" + name, null, options, false)
            : Location.of(path.resolve(name));
    return readOnly ? entry.asReadOnly() : entry;
  }

  /** The same place, whose tables may only be read; equal to the place that may be written. */
  public Location asReadOnly() {
    return new Location(uri, path, options, true);
  }

  /**
   * Fails if what lies here may only be read.
   *
   * @throws BindSqlException READ_ONLY
   */
  public void checkWritable(String doing) {
    if (readOnly) {
      throw new BindSqlException(
          ErrorCode.READ_ONLY, doing + ": " + this + " is attached READ ONLY");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Location location
        && location.uri.equals(uri)
        && location.options.equals(options);
  }

  @Override
  public int hashCode() {
    return uri.hashCode();
  }

  /** The path or the URI, without options. */
  @Override
  public String toString() {
    return uri;
  }
}
