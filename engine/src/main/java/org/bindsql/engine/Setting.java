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
  /** Rows per batch. */
  BATCH_SIZE("batch_size", "4096", "rows per batch, 1 to 65536"),
  /** Whether a commit on a local file system waits until it is on disk. */
  DURABLE("durable", "true", "whether a commit waits until it is on disk, true or false");

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
      return truth(text.strip());
    }
    BigDecimal value = number(text.strip());
    boolean fits =
        switch (this) {
          case RECALL -> value.signum() > 0 && value.compareTo(BigDecimal.ONE) <= 0;
          case QUERY_TIMEOUT, RETRY_TIMEOUT -> within(value, "2147483");
          case MEMORY_LIMIT, MAX_ROWS -> isWhole(value) && within(value, "9223372036854775807");
          case THREADS -> isWhole(value) && within(value, "1024");
          case BATCH_SIZE -> isWhole(value) && value.signum() > 0 && within(value, "65536");
          case DURABLE -> throw new IllegalStateException("not a number");
        };
    if (!fits) {
      throw bad(text);
    }
    return value.stripTrailingZeros().toPlainString();
  }

  private String truth(String text) {
    if (!text.equalsIgnoreCase("true") && !text.equalsIgnoreCase("false")) {
      throw bad(text);
    }
    return text.toLowerCase(Locale.ROOT);
  }

  private BigDecimal number(String text) {
    String digits = text;
    BigDecimal factor = BigDecimal.ONE;
    if (this == MEMORY_LIMIT) {
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
