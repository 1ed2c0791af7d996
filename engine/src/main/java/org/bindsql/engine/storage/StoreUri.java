package org.bindsql.engine.storage;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * A place in an object store, written so plainly that every reader of the URI understands the same.
 *
 * @param scheme the kind of store, in lower case
 * @param store bucket or container, as the URI writes it
 * @param segments the path; none of them empty, {@code .} or {@code ..}
 * @param query what follows a question mark, with it; only {@code s3+ddb} has any
 */
public record StoreUri(String scheme, String store, List<String> segments, String query) {
  private static final String BUCKET = "[A-Za-z0-9][A-Za-z0-9._-]{0,254}";

  /** The schemes that Lance opens over the network, with what may name a store. */
  private static final Map<String, Pattern> STORES =
      new TreeMap<>(
          Map.of(
              "s3", Pattern.compile(BUCKET),
              "s3+ddb", Pattern.compile(BUCKET),
              "gs", Pattern.compile(BUCKET),
              "oss", Pattern.compile(BUCKET),
              "cos", Pattern.compile(BUCKET),
              "az", Pattern.compile("[a-z0-9$][a-z0-9-]{1,62}"),
              "abfss",
                  Pattern.compile(
                      "[a-z0-9$][a-z0-9-]{1,62}@[a-z0-9]{3,24}[.]dfs[.](core[.]windows[.]net"
                          + "|fabric[.]microsoft[.]com)"),
              "hf", Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,95}")));

  static final Set<String> SCHEMES = STORES.keySet();

  private static final Pattern FORM =
      Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://([^/?#]*)(/[^?#]*)?([?][^#]*)?(#.*)?");
  private static final Pattern URI = Pattern.compile("(?is)(file:|[a-z][a-z0-9+.-]+:[^/]*/).*");
  private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9 !$&'()*+,;=:@._~-]+");
  private static final Pattern DDB_TABLE = Pattern.compile("[?]ddbTableName=[A-Za-z0-9_.-]{3,255}");
  private static final int MAX_LENGTH = 1024;

  /** Whether the text is a URI rather than a path. */
  public static boolean isUri(String text) {
    return URI.matcher(text).matches();
  }

  /** Whether the text denotes a local file: a path or a {@code file:} URI. */
  public static boolean isLocal(String text) {
    return !isUri(text) || text.regionMatches(true, 0, "file:", 0, 5);
  }

  /** Parses a URI that the policy allows; refuses all others. */
  static StoreUri parse(String text, StoragePolicy policy) {
    Matcher form = FORM.matcher(text);
    String scheme = text.substring(0, Math.max(0, text.indexOf(':'))).toLowerCase(Locale.ROOT);
    if (!SCHEMES.contains(scheme)) {
      throw new BindSqlException(
          policy.allowsAllStores() ? ErrorCode.NOT_SUPPORTED : ErrorCode.NOT_ALLOWED,
          "'"
              + StoragePolicy.printable(text)
              + "' may not be opened: expected a path or one of the schemes file, "
              + String.join(", ", SCHEMES));
    }
    if (text.length() > MAX_LENGTH || !form.matches()) {
      throw malformed(text, scheme);
    }
    String store = form.group(2);
    String path = form.group(3) == null ? "" : form.group(3).replaceFirst("/+$", "");
    String query = form.group(4) == null ? "" : form.group(4);
    List<String> segments =
        path.isEmpty() ? List.of() : Arrays.asList(path.substring(1).split("/", -1));
    boolean plain =
        STORES.getOrDefault(scheme, SEGMENT).matcher(store).matches()
            && !store.contains("..")
            && segments.stream().allMatch(StoreUri::isPlain)
            && (query.isEmpty() || (scheme.equals("s3+ddb") && DDB_TABLE.matcher(query).matches()))
            && form.group(5) == null;
    if (!plain) {
      throw malformed(text, scheme);
    }
    StoreUri uri = new StoreUri(scheme, store, segments, query);
    if (!policy.allows(uri)) {
      throw StoragePolicy.refused(
          text,
          "the storage policy allows "
              + (policy.stores().isEmpty()
                  ? "no object stores"
                  : "only " + String.join(", ", new TreeSet<>(policy.stores()))));
    }
    return uri;
  }

  private static boolean isPlain(String segment) {
    return SEGMENT.matcher(segment).matches() && !segment.equals(".") && !segment.equals("..");
  }

  private static BindSqlException malformed(String text, String scheme) {
    return StoragePolicy.refused(
        text,
        "expected "
            + scheme
            + "://bucket/folder in plain characters, without user, '%', '..', query and fragment");
  }

  /** The URI in its normal form. */
  String text() {
    String path = segments.isEmpty() ? "" : "/" + String.join("/", segments);
    return scheme + "://" + store + path + query;
  }

  /** Whether the URI lies at or below what a policy or a secret names: a scheme, or a URI. */
  boolean isBelow(String prefix) {
    if (!prefix.contains("://")) {
      return prefix.equalsIgnoreCase(scheme);
    }
    int colon = prefix.indexOf(':');
    String base =
        prefix.substring(0, colon).toLowerCase(Locale.ROOT)
            + prefix.substring(colon).replaceFirst("/+$", "");
    String own =
        scheme + "://" + store + (segments.isEmpty() ? "" : "/") + String.join("/", segments);
    return own.equals(base) || own.startsWith(base + "/") || base.equals(scheme + ":");
  }
}
