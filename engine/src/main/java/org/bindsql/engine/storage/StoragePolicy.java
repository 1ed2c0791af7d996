package org.bindsql.engine.storage;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.error.Redaction;
import org.bindsql.lance.dataset.Location;
import org.jspecify.annotations.Nullable;

/**
 * What the statements of a session may open outside the engine: local files and object stores.
 *
 * <p>Everything that opens a path or a URL asks here first, and opens what the answer says rather
 * than the text it asked about: symbolic links are resolved in the answer. A refusal is NOT_ALLOWED
 * and comes before anything is touched.
 *
 * @param roots local folders below which files may be opened; a file system's root allows all
 * @param stores object stores that may be opened: a scheme, as {@code s3}, or the beginning of URIs
 *     at a segment's end, as {@code s3://bucket/prefix}
 * @param endpoints hosts that options may name as a store's server: {@code host}, {@code
 *     host:port}, {@code public} for every host outside loopback, link-local and private networks,
 *     {@code *} for every host
 * @param options names of the storage options that SQL may give, or {@code *}
 * @param readOnly whether nothing outside the database may be written
 */
public record StoragePolicy(
    List<Path> roots,
    List<String> stores,
    List<String> endpoints,
    List<String> options,
    boolean readOnly) {
  private static final String ANY = "*";
  private static final String ROOTS = "policy.roots";
  private static final String STORES = "policy.stores";
  private static final String ENDPOINTS = "policy.endpoints";
  private static final String OPTIONS = "policy.options";
  private static final String READ_ONLY = "policy.readOnly";

  /** Connection properties that state a policy; lists are separated by commas. */
  public static final List<String> KEYS = List.of(ROOTS, STORES, ENDPOINTS, OPTIONS, READ_ONLY);

  public StoragePolicy {
    roots = List.copyOf(roots);
    stores = List.copyOf(stores);
    endpoints = List.copyOf(endpoints);
    options = List.copyOf(options);
  }

  /** The policy of a program for itself: what the operating system allows, and every store. */
  public static StoragePolicy unrestricted() {
    return new StoragePolicy(
        List.of(Path.of("").toAbsolutePath().getRoot()),
        List.copyOf(StoreUri.SCHEMES),
        List.of(ANY),
        List.of(ANY),
        false);
  }

  /**
   * The policy for statements of strangers: files below the database folder, or what is below the
   * database's URI, and no storage options.
   */
  public static StoragePolicy confinedTo(String database) {
    boolean remote = StoreUri.isUri(database);
    return new StoragePolicy(
        remote ? List.of() : List.of(Path.of(database).toAbsolutePath().normalize()),
        remote ? List.of(database) : List.of(),
        List.of(),
        List.of(),
        false);
  }

  /** The policy that properties state; what they do not say is as in {@code otherwise}. */
  public static StoragePolicy of(Properties properties, StoragePolicy otherwise) {
    return new StoragePolicy(
        list(properties, ROOTS, otherwise.roots.stream().map(Path::toString).toList()).stream()
            .map(root -> Path.of(root).toAbsolutePath().normalize())
            .toList(),
        list(properties, STORES, otherwise.stores),
        list(properties, ENDPOINTS, otherwise.endpoints),
        list(properties, OPTIONS, otherwise.options),
        Boolean.parseBoolean(
            properties.getProperty(READ_ONLY, Boolean.toString(otherwise.readOnly))));
  }

  /** The connection properties that state this policy. */
  public Properties toProperties() {
    Properties properties = new Properties();
    properties.setProperty(ROOTS, String.join(",", roots.stream().map(Path::toString).toList()));
    properties.setProperty(STORES, String.join(",", stores));
    properties.setProperty(ENDPOINTS, String.join(",", endpoints));
    properties.setProperty(OPTIONS, String.join(",", options));
    properties.setProperty(READ_ONLY, Boolean.toString(readOnly));
    return properties;
  }

  private static List<String> list(Properties properties, String key, List<String> otherwise) {
    String value = properties.getProperty(key);
    return value == null
        ? otherwise
        : List.of(value.split(",")).stream()
            .map(String::strip)
            .filter(item -> !item.isEmpty())
            .toList();
  }

  /**
   * The local file to read that the text denotes, with symbolic links resolved. It need not exist.
   *
   * @param text a path, relative to the working folder, or to the first root where the policy
   *     confines to roots; or a {@code file:} URI
   */
  public Path fileToRead(String text) {
    return new LocalFiles(roots).resolve(text);
  }

  /** The local file to write that the text denotes; as {@link #fileToRead}. */
  public Path fileToWrite(String text) {
    checkWritable(text);
    Path file = fileToRead(text);
    for (Path segment : file) {
      if (segment.toString().toLowerCase(Locale.ROOT).endsWith(".lance")) {
        throw refused(text, "it lies inside a Lance dataset; expected another place");
      }
    }
    return file;
  }

  /**
   * A dataset, or a folder of datasets.
   *
   * @param text a local path or {@code file:} URI as for {@link #fileToRead}, or an object store's
   *     URI
   * @param given storage options given by SQL, as it spells them; none for a local path. They go
   *     before those of the secrets, which go before what the store's client finds by itself
   * @param secrets of the session
   * @param write whether it may be written
   */
  public Location locate(String text, Map<String, String> given, Secrets secrets, boolean write) {
    if (write) {
      checkWritable(text);
    }
    if (StoreUri.isLocal(text)) {
      if (!given.isEmpty()) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "'" + printable(text) + "' is a local path, which has no storage options");
      }
      return Location.of(fileToRead(text));
    }
    StoreUri uri = StoreUri.parse(text, this);
    Map<String, String> own = StorageOptions.of(uri.scheme()).normalize(given);
    checkOptions(own);
    Map<String, String> options = new LinkedHashMap<>(secrets.optionsFor(uri));
    options.putAll(own);
    return Location.remote(uri.text(), StorageOptions.complete(options));
  }

  /**
   * A place in an object store that the owner of the process names, with options as SQL spells
   * them; which options he gives is his affair.
   */
  public Location locationToOpen(String text, Map<String, String> given) {
    StoreUri uri = StoreUri.parse(text, this);
    Map<String, String> options = StorageOptions.of(uri.scheme()).normalize(given);
    return Location.remote(uri.text(), StorageOptions.complete(options));
  }

  private void checkWritable(String text) {
    if (readOnly) {
      throw refused(text, "the storage policy allows reading only");
    }
  }

  /** Whether a store's URI is among those allowed. */
  boolean allows(StoreUri uri) {
    return stores.stream().anyMatch(uri::isBelow);
  }

  /** Whether the policy allows all stores that Lance knows, so that only others are refused. */
  boolean allowsAllStores() {
    return Set.copyOf(stores).containsAll(StoreUri.SCHEMES);
  }

  /** Fails unless SQL may give these storage options. */
  void checkOptions(Map<String, String> given) {
    given.forEach((name, value) -> {
      if (!options.contains(ANY) && !options.contains(name)) {
        throw new BindSqlException(
            ErrorCode.NOT_ALLOWED,
            "storage option '"
                + name
                + "' may not be given in SQL: the storage policy allows "
                + (options.isEmpty() ? "none" : String.join(", ", options)));
      }
      if (StorageOptions.isEndpoint(name)) {
        Endpoints.check(name, value, endpoints);
      } else if (StorageOptions.isFile(name)) {
        Path file = fileToRead(value);
        if (file.getFileName() == null) {
          throw refused(value, "expected a file");
        }
      }
    });
  }

  static BindSqlException refused(String text, String reason) {
    return refused(text, reason, null);
  }

  static BindSqlException refused(String text, String reason, @Nullable Throwable cause) {
    return new BindSqlException(
        ErrorCode.NOT_ALLOWED, "'" + printable(text) + "' may not be opened: " + reason, cause);
  }

  /** The text without control characters, credentials and excess length. */
  static String printable(String text) {
    String shown = Redaction.redact(text.replaceAll("\\p{Cntrl}", "?"));
    return shown.length() <= 200 ? shown : shown.substring(0, 200) + "...";
  }
}
