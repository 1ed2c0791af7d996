package org.bindsql.bindspace;

import java.util.List;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Distinguished name: segments from the root, separated by {@code :}.
 *
 * @param text the canonical form, without scheme
 */
record DnPath(String text) {
  private static final List<String> SCHEMES = List.of("bindspace://", "hdr://");

  /**
   * Reads a path with or without {@code bindspace://} or {@code hdr://}.
   *
   * @throws BindSqlException BAD_TEXT if a segment is empty or there are more than 255
   */
  static DnPath parse(String path) {
    String text = path;
    for (String scheme : SCHEMES) {
      if (path.startsWith(scheme)) {
        text = path.substring(scheme.length());
        break;
      }
    }
    if (text.isEmpty() || text.startsWith(":") || text.endsWith(":") || text.contains("::")) {
      throw new BindSqlException(
          ErrorCode.BAD_TEXT, "dn_path: '" + path + "' has an empty segment, expected 'a:b:c'");
    }
    long segments = text.chars().filter(c -> c == ':').count() + 1;
    if (segments > BindView.MAX_DEPTH) {
      throw new BindSqlException(
          ErrorCode.BAD_TEXT,
          "dn_path: " + segments + " segments, expected at most " + BindView.MAX_DEPTH);
    }
    return new DnPath(text);
  }

  /** The path without its last segment, or null for a root. */
  @Nullable DnPath parent() {
    int colon = text.lastIndexOf(':');
    return colon < 0 ? null : new DnPath(text.substring(0, colon));
  }

  /** The last segment. */
  String label() {
    return text.substring(text.lastIndexOf(':') + 1);
  }
}
