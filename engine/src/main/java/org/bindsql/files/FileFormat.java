package org.bindsql.files;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Formats of files. */
public enum FileFormat {
  /** Text, a line per row; {@code .tsv} separates by tabs. */
  CSV("CSV", "csv", "tsv"),
  PARQUET("Parquet", "parquet", "pq"),
  /** Arrow IPC, as a file or as a stream. */
  ARROW("Arrow IPC", "arrow", "feather", "ipc", "arrows");

  private final String title;
  private final String[] suffixes;

  FileFormat(String title, String... suffixes) {
    this.title = title;
    this.suffixes = suffixes;
  }

  /** The format's name in messages. */
  String title() {
    return title;
  }

  /** The format of the given name, ignoring case. */
  public static FileFormat named(String name) {
    for (FileFormat format : values()) {
      if (format.name().equalsIgnoreCase(name.strip())) {
        return format;
      }
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "unknown file format '"
            + name
            + "'; the formats are "
            + Arrays.stream(values())
                .map(format -> format.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
  }

  /** The format that a file's suffix tells, or null. */
  public static @Nullable FileFormat ofSuffix(String path) {
    String lower = path.toLowerCase(Locale.ROOT);
    for (FileFormat format : values()) {
      for (String suffix : format.suffixes) {
        if (lower.endsWith("." + suffix)) {
          return format;
        }
      }
    }
    return null;
  }

  /** The format that a file's suffix tells; fails if it tells none. */
  public static FileFormat of(String path) {
    FileFormat format = ofSuffix(path);
    if (format == null) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "the suffix of '"
              + path
              + "' does not tell its format; expected one of "
              + Arrays.stream(values())
                  .flatMap(f -> Arrays.stream(f.suffixes))
                  .map(suffix -> "." + suffix)
                  .collect(Collectors.joining(", ")));
    }
    return format;
  }
}
