package org.bindsql.lance.filter;

import org.jspecify.annotations.Nullable;

/** LIKE patterns: SQL has no escape character unless one is named, Lance always has '\'. */
final class LikePatterns {
  private LikePatterns() {}

  /**
   * The pattern for Lance, or null if it is not a valid one or means something else there.
   *
   * @param escape the escape character, or null if there is none
   */
  static @Nullable String translate(@Nullable String pattern, @Nullable String escape) {
    if (pattern == null || (escape != null && escape.length() != 1)) {
      return null;
    }
    StringBuilder result = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (escape != null && c == escape.charAt(0)) {
        i++;
        if (i == pattern.length()) {
          return null;
        }
        char escaped = pattern.charAt(i);
        if (escaped != '%' && escaped != '_' && escaped != escape.charAt(0)) {
          return null;
        }
        literal(escaped, result);
      } else if (c == '_') {
        return null; // any character in Lance, any but a line break in Calcite
      } else if (c == '%') {
        result.append(c);
      } else {
        literal(c, result);
      }
    }
    return result.toString();
  }

  private static void literal(char c, StringBuilder result) {
    if (c == '%' || c == '_' || c == '\\') {
      result.append('\\');
    }
    result.append(c);
  }
}
