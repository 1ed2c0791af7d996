package org.bindsql.lance.definition;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * How a table is stored, as far as it was said; null stands for what Lance does by itself.
 *
 * @param storageVersion version of the file format: 2.0, 2.1 or 2.2
 * @param stableRowIds whether a row keeps its row id when it is updated or moved
 * @param maxRowsPerFile rows after which a write begins another data file, at least 1
 * @param maxBytesPerFile bytes after which a write begins another data file, at least 1
 */
public record TableOptions(
    @Nullable String storageVersion,
    @Nullable Boolean stableRowIds,
    @Nullable Integer maxRowsPerFile,
    @Nullable Long maxBytesPerFile) {
  /** Nothing said. */
  public static final TableOptions NONE = new TableOptions(null, null, null, null);

  /** Names of the options, as SQL writes them. */
  public static final Set<String> NAMES =
      Set.of("data_storage_version", "stable_row_ids", "max_rows_per_file", "max_bytes_per_file");

  /** Key of the greatest number of rows of a data file in a table's configuration. */
  public static final String MAX_ROWS_KEY = "bindsql.max_rows_per_file";

  /** Key of the greatest number of bytes of a data file in a table's configuration. */
  public static final String MAX_BYTES_KEY = "bindsql.max_bytes_per_file";

  private static final String DEFAULT_MAX_ROWS = String.valueOf(1 << 20);
  private static final String DEFAULT_MAX_BYTES = String.valueOf(90L << 30);
  private static final Set<String> VERSIONS = Set.of("2.0", "2.1", "2.2");

  /**
   * These options with one changed.
   *
   * @param name one of {@link #NAMES}
   * @throws BindSqlException BAD_ARGUMENT if the value is none the option can have
   */
  public TableOptions with(String name, String value) {
    return switch (name) {
      case "data_storage_version" -> withStorageVersion(version(value));
      case "stable_row_ids" ->
          new TableOptions(storageVersion, flag(name, value), maxRowsPerFile, maxBytesPerFile);
      case "max_rows_per_file" ->
          new TableOptions(
              storageVersion,
              stableRowIds,
              (int) whole(name, value, Integer.MAX_VALUE),
              maxBytesPerFile);
      case "max_bytes_per_file" ->
          new TableOptions(
              storageVersion, stableRowIds, maxRowsPerFile, whole(name, value, Long.MAX_VALUE));
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** These options with another version of the file format. */
  public TableOptions withStorageVersion(String version) {
    return new TableOptions(version, stableRowIds, maxRowsPerFile, maxBytesPerFile);
  }

  /** The options that later writes follow, as they are kept in the table. */
  Map<String, String> config() {
    Map<String, String> config = new HashMap<>();
    if (maxRowsPerFile != null) {
      config.put(MAX_ROWS_KEY, maxRowsPerFile.toString());
    }
    if (maxBytesPerFile != null) {
      config.put(MAX_BYTES_KEY, maxBytesPerFile.toString());
    }
    return config;
  }

  /** The same for a table that has others: what is not said goes back to what Lance does. */
  Map<String, String> configOver(Map<String, String> before) {
    Map<String, String> config = config();
    if (before.containsKey(MAX_ROWS_KEY)) {
      config.putIfAbsent(MAX_ROWS_KEY, DEFAULT_MAX_ROWS);
    }
    if (before.containsKey(MAX_BYTES_KEY)) {
      config.putIfAbsent(MAX_BYTES_KEY, DEFAULT_MAX_BYTES);
    }
    return config;
  }

  private static String version(String value) {
    if (!VERSIONS.contains(value)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "data_storage_version is '" + value + "', expected 2.0, 2.1 or 2.2");
    }
    return value;
  }

  private static boolean flag(String name, String value) {
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw new BindSqlException(
              ErrorCode.BAD_ARGUMENT, name + " is '" + value + "', expected true or false");
    };
  }

  private static long whole(String name, String value, long greatest) {
    try {
      long number = Long.parseLong(value);
      if (number >= 1 && number <= greatest) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        name + " is '" + value + "', expected a whole number from 1 to " + greatest);
  }
}
