package org.bindsql.engine;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** A value that {@code SET name = value} or a connection property changes, with its range. */
public enum Setting {
  /** Share of the true nearest rows that a cascade may return at least; 1 is exact. */
  RECALL("hdr.recall", "1.0", "smallest share of the true nearest rows, above 0 and at most 1"),
  /** What a search with a filter looks for first; the answer is the same. */
  FIRST(
      "hdr.first",
      "auto",
      "what a search looks for first: filter for the rows that pass, distance for the nearest rows,"
          + " auto for what costs less"),
  /** Seconds after which a statement is ended; 0 for no bound. */
  QUERY_TIMEOUT("query_timeout", "0", "seconds until a statement is ended, 0 for never"),
  /** Bytes of off-heap memory of one statement; 0 for no bound. */
  MEMORY_LIMIT("memory_limit", "0", "bytes of off-heap memory of a statement, 0 for no bound"),
  /** Rows a query may return before it fails; 0 for no bound. */
  MAX_ROWS("max_rows", "0", "rows a query may return, 0 for no bound"),
  /** Threads that one operator may use. */
  THREADS("threads", "0", "threads of one operator, 0 for one per processor"),
  /** Seconds during which a statement that lost a race with another writer is run again. */
  RETRY_TIMEOUT(
      "retry_timeout",
      "10",
      "seconds in which a statement is run again if another writer was first, 0 for never"),
  /** Plans of queries that a connection keeps. */
  PLAN_CACHE("plan_cache", "256", "plans that a connection keeps, 0 to 10000"),
  /** Rows per batch. */
  BATCH_SIZE("batch_size", "8192", "rows per batch, 1 to 65536; fewer where rows are wide"),
  /** Whether a commit on a local file system waits until it is on disk. */
  DURABLE("durable", "true", "whether a commit waits until it is on disk, true or false"),
  /** Whether tables are kept in shape in the background. */
  MAINTENANCE(
      "maintenance",
      "on",
      "background maintenance of the database's tables: off, on, or all for an object store, too"),
  /** Seconds between two rounds of background maintenance. */
  MAINTENANCE_PAUSE(
      "maintenance.pause", "60", "seconds between rounds of maintenance, 1 to 2147483"),
  /** Fragments of one size from which on they are merged. */
  MAINTENANCE_FRAGMENTS(
      "maintenance.fragments", "16", "small fragments from which on they are merged, 2 or more"),
  /** Share of deleted rows from which on they are written out. */
  MAINTENANCE_DELETED(
      "maintenance.deleted_share",
      "0.2",
      "share of deleted rows from which on a table is rewritten, above 0 and at most 1"),
  /** Share of rows without index from which on indexes take them in. */
  MAINTENANCE_UNINDEXED(
      "maintenance.unindexed_share",
      "0.1",
      "share of rows from which on an index that lacks them is updated, above 0 and at most 1"),
  /** Seconds for which old versions are kept. */
  MAINTENANCE_RETENTION(
      "maintenance.retention",
      "1209600",
      "seconds for which maintenance keeps old versions, 0 for ever"),
  /** Off-heap memory for fingerprints of Lance tables; of all connections together. */
  FINGERPRINT_CACHE(
      "fingerprint_cache",
      "25%",
      "bytes for fingerprints of tables that are searched, or a percentage of the memory; 0 for"
          + " none; for the whole database"),
  /** Bytes of native memory for index data of the database; only as it is opened. */
  INDEX_CACHE("lance.index_cache", "536870912", "bytes for index data, for the whole database"),
  /** Bytes of native memory for metadata of the database; only as it is opened. */
  METADATA_CACHE("lance.metadata_cache", "134217728", "bytes for metadata, for the whole database");

  private final String sqlName;
  private final String defaultValue;
  private final String description;

  Setting(String sqlName, String defaultValue, String description) {
    this.sqlName = sqlName;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The name as SQL writes it. */
  public String sqlName() {
    return sqlName;
  }

  /** The value in a fresh session. */
  public String defaultValue() {
    return defaultValue;
  }

  /** What it does, its unit and its range, in a line. */
  public String description() {
    return description;
  }

  /** Whether all connections to a database share one value. */
  boolean isShared() {
    return switch (this) {
      case MAINTENANCE,
          MAINTENANCE_PAUSE,
          MAINTENANCE_FRAGMENTS,
          MAINTENANCE_DELETED,
          MAINTENANCE_UNINDEXED,
          MAINTENANCE_RETENTION,
          FINGERPRINT_CACHE ->
          true;
      default -> false;
    };
  }

  /** Whether it is the same for all sessions of a database, and only given as it is opened. */
  boolean isOfDatabase() {
    return this == INDEX_CACHE || this == METADATA_CACHE;
  }

  /** The setting of that name, ignoring case; {@link ErrorCode#BAD_ARGUMENT} if there is none. */
  public static Setting named(String name) {
    for (Setting setting : values()) {
      if (setting.sqlName.equalsIgnoreCase(name)) {
        return setting;
      }
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "unknown setting '"
            + name
            + "'; the settings are "
            + Arrays.stream(values()).map(Setting::sqlName).collect(Collectors.joining(", ")));
  }

  /** Checks a value and returns it in its normal form. */
  String check(String text) {
    if (this == DURABLE) {
      return oneOf(text, "true", "false");
    }
    if (this == FIRST) {
      return oneOf(text, "auto", "filter", "distance");
    }
    if (this == MAINTENANCE) {
      return oneOf(text, "off", "on", "all");
    }
    if (this == FINGERPRINT_CACHE && text.strip().endsWith("%")) {
      return percentage(text);
    }
    BigDecimal value = number(text.strip());
    boolean fits =
        switch (this) {
          case RECALL, MAINTENANCE_DELETED, MAINTENANCE_UNINDEXED ->
              value.signum() > 0 && value.compareTo(BigDecimal.ONE) <= 0;
          case MAINTENANCE_PAUSE ->
              isWhole(value) && value.signum() > 0 && within(value, "2147483");
          case MAINTENANCE_FRAGMENTS ->
              isWhole(value) && value.compareTo(BigDecimal.TWO) >= 0 && within(value, "1000000");
          case MAINTENANCE_RETENTION -> isWhole(value) && within(value, "9000000000");
          case QUERY_TIMEOUT, RETRY_TIMEOUT -> within(value, "2147483");
          case MEMORY_LIMIT, MAX_ROWS, FINGERPRINT_CACHE, INDEX_CACHE, METADATA_CACHE ->
              isWhole(value) && within(value, "9223372036854775807");
          case PLAN_CACHE -> isWhole(value) && within(value, "10000");
          case THREADS -> isWhole(value) && within(value, "1024");
          case BATCH_SIZE -> isWhole(value) && value.signum() > 0 && within(value, "65536");
          case DURABLE, FIRST, MAINTENANCE -> throw new IllegalStateException("not a number");
        };
    if (!fits) {
      throw bad(text);
    }
    return value.stripTrailingZeros().toPlainString();
  }

  private String percentage(String text) {
    String digits = text.strip();
    BigDecimal share = number(digits.substring(0, digits.length() - 1).strip());
    if (!within(share, "100")) {
      throw bad(text);
    }
    return share.stripTrailingZeros().toPlainString() + "%";
  }

  private String oneOf(String text, String... words) {
    for (String word : words) {
      if (word.equalsIgnoreCase(text.strip())) {
        return word;
      }
    }
    throw bad(text);
  }

  private BigDecimal number(String text) {
    String digits = text;
    BigDecimal factor = BigDecimal.ONE;
    if (this == MEMORY_LIMIT || this == FINGERPRINT_CACHE || isOfDatabase()) {
      String upper = text.toUpperCase(Locale.ROOT);
      String[] units = {"KB", "MB", "GB", "TB"};
      for (int i = 0; i < units.length; i++) {
        if (upper.endsWith(units[i])) {
          digits = text.substring(0, text.length() - 2).strip();
          factor = BigDecimal.valueOf(1L << (10 * (i + 1)));
        }
      }
    }
    try {
      return new BigDecimal(digits).multiply(factor);
    } catch (NumberFormatException e) {
      throw bad(text);
    }
  }

  private BindSqlException bad(String text) {
    return new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "setting '" + sqlName + "' cannot be '" + text + "': expected " + description);
  }

  private static boolean isWhole(BigDecimal value) {
    return value.stripTrailingZeros().scale() <= 0;
  }

  private static boolean within(BigDecimal value, String max) {
    return value.signum() >= 0 && value.compareTo(new BigDecimal(max)) <= 0;
  }
}
