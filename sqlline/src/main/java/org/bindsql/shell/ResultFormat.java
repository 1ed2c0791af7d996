package org.bindsql.shell;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text form of a result. */
public enum ResultFormat {
  /** Boxes drawn with ASCII characters; binary values are shortened. */
  TABLE,
  /** One line per value, {@code name value}; binary values are shortened. */
  VERTICAL,
  /** RFC 4180 with a header; NULL is an empty field, the empty string is {@code ""}. */
  CSV,
  /** As CSV, separated by tabs. */
  TSV,
  /** An array of objects, one per line. */
  JSON;

  /** The format with the given name in any case, or null. */
  static @Nullable ResultFormat of(String name) {
    for (ResultFormat format : values()) {
      if (format.name().equalsIgnoreCase(name)) {
        return format;
      }
    }
    return null;
  }

  /** All names, for messages. */
  static String names() {
    return Arrays.stream(values())
        .map(format -> format.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }

  /** Whether people rather than programs read it. */
  boolean forPeople() {
    return this == TABLE || this == VERTICAL;
  }
}
