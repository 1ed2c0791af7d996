package org.bindsql.engine.storage;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The local files below some folders, found from texts that may be meant to lead elsewhere. */
final class LocalFiles {
  /** Characters that other systems, or a decoder down the line, take for a separator or a dot. */
  private static final Pattern DISGUISE =
      Pattern.compile("%(2e|2f|5c|00|25)", Pattern.CASE_INSENSITIVE);

  private final List<Path> roots;
  private final boolean confined;

  /** Files below these folders; all files if one is the root of a file system. */
  LocalFiles(List<Path> roots) {
    this.roots = roots;
    this.confined = roots.stream().noneMatch(root -> root.equals(root.getRoot()));
  }

  /**
   * The file that a text denotes, its symbolic links resolved; it need not exist.
   *
   * @throws org.bindsql.error.BindSqlException NOT_ALLOWED if it lies elsewhere
   */
  Path resolve(String text) {
    if (text.isBlank()) {
      throw StoragePolicy.refused(text, "it is empty; expected a path");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw StoragePolicy.refused(text, "it has a control character");
    }
    Path path = path(text);
    if (confined) {
      checkPlain(text);
    }
    Path base = confined && !roots.isEmpty() ? roots.getFirst() : Path.of("");
    Path real = real(text, base.resolve(path).toAbsolutePath().normalize());
    if (confined && roots.stream().noneMatch(root -> real.startsWith(real(text, root)))) {
      throw StoragePolicy.refused(
          text,
          roots.isEmpty()
              ? "the storage policy allows no local files"
              : "the storage policy allows files below " + roots + " only");
    }
    if (confined && Files.exists(real) && !Files.isRegularFile(real) && !Files.isDirectory(real)) {
      throw StoragePolicy.refused(text, "it is neither a file nor a folder");
    }
    return real;
  }

  private static Path path(String text) {
    try {
      return StoreUri.isUri(text) ? ofFileUri(text) : Path.of(text);
    } catch (InvalidPathException | URISyntaxException e) {
      throw StoragePolicy.refused(text, "it is no path: " + e.getMessage(), e);
    }
  }

  private static Path ofFileUri(String text) throws URISyntaxException {
    if (!StoreUri.isLocal(text)) {
      throw StoragePolicy.refused(
          text, "expected a local file; in object stores only datasets of Lance are opened");
    }
    URI uri = new URI(text);
    String path = uri.getPath();
    boolean plain =
        uri.getRawQuery() == null
            && uri.getRawFragment() == null
            && (uri.getRawAuthority() == null || uri.getRawAuthority().isEmpty());
    if (!plain || path == null || !path.startsWith("/") || path.startsWith("//")) {
      throw StoragePolicy.refused(text, "expected file:///absolute/path, without a host");
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw StoragePolicy.refused(text, "it has a control character");
    }
    return Path.of(path);
  }

  private static void checkPlain(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.contains("\\") || text.startsWith("//")) {
      throw StoragePolicy.refused(text, "it is written for another system; expected '/' only");
    }
    if (DISGUISE.matcher(lower).find()) {
      throw StoragePolicy.refused(text, "it has an encoded dot, separator or percent sign");
    }
    for (String segment : text.split("/")) {
      if (segment.equals("..")) {
        throw StoragePolicy.refused(text, "'..' leads out of a folder");
      }
    }
  }

  /** The path with the symbolic links of its existing part resolved. */
  private static Path real(String text, Path path) {
    Path existing = path;
    while (!Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = existing.getParent();
      if (parent == null) {
        return path;
      }
      existing = parent;
    }
    @Nullable Path real;
    try {
      real = existing.toRealPath();
    } catch (IOException e) { // a link to nowhere, or in a circle
      throw StoragePolicy.refused(text, "a symbolic link in it cannot be followed", e);
    }
    return existing.equals(path) ? real : real.resolve(existing.relativize(path));
  }
}
