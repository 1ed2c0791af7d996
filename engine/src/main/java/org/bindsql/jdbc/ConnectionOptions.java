package org.bindsql.jdbc;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.bindsql.engine.Database;
import org.bindsql.engine.Setting;
import org.bindsql.engine.storage.StoragePolicy;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a connection, from the URL and from {@link Properties}.
 *
 * <p>Only the keys of {@link #KEYS} and the names of settings are accepted. Calcite's and Avatica's
 * own properties are not: several of them load classes or read files.
 *
 * @param path the database folder, or null for a private temporary database
 * @param readOnly whether writing is refused
 * @param schema the schema of names without one
 * @param reference whether queries run without batch operators
 * @param settings initial settings
 * @param storage what statements may open outside the database
 * @param storageOptions options of the object store that {@code path} names; secret
 */
record ConnectionOptions(
    @Nullable String path,
    boolean readOnly,
    String schema,
    boolean reference,
    Map<Setting, String> settings,
    StoragePolicy storage,
    Map<String, String> storageOptions) {

  /** The keys that are not names of settings. */
  static final List<String> KEYS =
      Stream.concat(
              Stream.of("path", "readOnly", "schema", "planner", "batchSize"),
              StoragePolicy.KEYS.stream())
          .toList();

  /** How the names of the object store's options begin, before a name as in CREATE SECRET. */
  private static final String STORAGE_OPTION = "storage.";

  /** Accepted because JDBC itself passes them; the engine in this process knows no users. */
  private static final List<String> IGNORED = List.of("user", "password");

  static ConnectionOptions of(Properties properties) {
    String path = null;
    boolean readOnly = false;
    String schema = Database.DEFAULT_SCHEMA;
    boolean reference = false;
    Map<Setting, String> settings = new EnumMap<>(Setting.class);
    Map<String, String> storageOptions = new HashMap<>();
    for (String key : properties.stringPropertyNames()) {
      String value = properties.getProperty(key);
      switch (key.toLowerCase(Locale.ROOT)) {
        case "path" -> path = notEmpty(key, value);
        case "readonly" -> readOnly = oneOf(key, value, "true", "false").equals("true");
        case "schema" -> schema = notEmpty(key, value);
        case "planner" -> reference = oneOf(key, value, "default", "reference").equals("reference");
        case "batchsize" -> settings.put(Setting.BATCH_SIZE, value);
        default -> {
          if (key.startsWith(STORAGE_OPTION)) {
            storageOptions.put(key, value);
          } else if (!IGNORED.contains(key) && !StoragePolicy.KEYS.contains(key)) {
            settings.put(setting(key), value);
          }
        }
      }
    }
    return new ConnectionOptions(
        path,
        readOnly,
        schema,
        reference,
        settings,
        StoragePolicy.of(properties, StoragePolicy.unrestricted()),
        storageOptions);
  }

  private static Setting setting(String key) {
    for (Setting setting : Setting.values()) {
      if (setting.sqlName().equalsIgnoreCase(key)) {
        return setting;
      }
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "unknown connection property '"
            + key
            + "'; known are "
            + String.join(", ", Driver.propertyNames()));
  }

  private static String notEmpty(String key, String value) {
    if (value.isBlank()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "connection property '" + key + "' is empty");
    }
    return value;
  }

  private static String oneOf(String key, String value, String... choices) {
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(value)) {
        return choice;
      }
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "connection property '"
            + key
            + "' cannot be '"
            + value
            + "': expected "
            + String.join(" or ", choices));
  }
}
