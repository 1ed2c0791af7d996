package org.bindsql.engine.storage;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The named credentials of a session, in memory only. For a place in an object store the secret
 * with the longest scope that covers it is used. Thread-safe.
 */
public final class Secrets {
  /** Where a secret's values come from. */
  public enum Provider {
    /** From the statement. */
    CONFIG,
    /** From the environment, configuration files and the machine's identity, as the store does. */
    CREDENTIAL_CHAIN,
    /** From environment variables; asked of the same chain, in which they come first. */
    ENV
  }

  /**
   * A secret.
   *
   * @param scope the beginning of URIs it is for, at a segment's end, or null for the whole store
   * @param options under Lance's names; never to be shown
   */
  public record Secret(
      String name,
      StorageOptions kind,
      @Nullable String scope,
      Provider provider,
      Map<String, String> options) {

    private boolean covers(StoreUri uri) {
      return kind.schemes().contains(uri.scheme()) && (scope == null || uri.isBelow(scope));
    }

    private int length() {
      return scope == null ? 0 : scope.length();
    }

    /** What it is, without its values. */
    @Override
    public String toString() {
      return "secret " + name + " of type " + kind.sqlName();
    }
  }

  /** Names that say who one is, rather than where and how to connect. */
  private static final Set<String> CONNECTION =
      Set.of(
          "aws_region",
          "aws_endpoint",
          "aws_virtual_hosted_style_request",
          "allow_http",
          "connect_timeout",
          "timeout",
          "client_max_retries",
          "client_retry_timeout",
          "download_retry_count",
          "proxy_url",
          "oss_endpoint",
          "oss_region",
          "cos_endpoint",
          "azure_endpoint",
          "azure_storage_account_name",
          "azure_use_fabric_endpoint",
          "aws_request_payer",
          "aws_s3_express",
          "aws_server_side_encryption",
          "aws_sse_bucket_key_enabled",
          "aws_unsigned_payload");

  private final Map<String, Secret> secrets = new LinkedHashMap<>();

  /**
   * Adds a secret.
   *
   * @param given type, scope, provider and the store's options, as SQL spells them
   * @param policy whether SQL may give them
   * @return false if there was one of that name already, which stays
   */
  synchronized boolean create(
      String name, Map<String, String> given, StoragePolicy policy, boolean replace) {
    Map<String, String> options = new LinkedHashMap<>(given);
    String type = options.remove("type");
    String scope = options.remove("scope");
    Provider provider = provider(options.remove("provider"));
    Secret secret = secret(name, type, scope, provider, options);
    policy.checkOptions(secret.options());
    String key = name.toLowerCase(Locale.ROOT);
    if (secrets.containsKey(key) && !replace) {
      return false;
    }
    secrets.remove(key); // so that the newest comes last
    secrets.put(key, secret);
    return true;
  }

  private static Secret secret(
      String name,
      @Nullable String type,
      @Nullable String scope,
      Provider provider,
      Map<String, String> given) {
    if (type == null) {
      throw bad("TYPE is missing; expected s3, gcs, azure, oss, cos or hf");
    }
    String named = type;
    if (type.equalsIgnoreCase("lance")) {
      if (scope == null) {
        throw bad("a secret of TYPE lance needs a SCOPE, whose scheme tells the store");
      }
      named = scope.substring(0, Math.max(0, scope.indexOf(':')));
    }
    StorageOptions kind = StorageOptions.named(named);
    String normal = scope == null ? null : scope(kind, scope);
    Map<String, String> options = kind.normalize(given);
    if (provider != Provider.CONFIG && !CONNECTION.containsAll(options.keySet())) {
      throw bad(
          "credentials do not go with PROVIDER "
              + provider.name().toLowerCase(Locale.ROOT)
              + "; expected PROVIDER config, or no credentials");
    }
    return new Secret(name, kind, normal, provider, Map.copyOf(options));
  }

  private static String scope(StorageOptions kind, String scope) {
    for (String scheme : kind.schemes()) {
      if (scope.equalsIgnoreCase(scheme + "://")) {
        return scheme + "://";
      }
    }
    StoreUri uri = StoreUri.parse(scope, StoragePolicy.unrestricted());
    if (!kind.schemes().contains(uri.scheme())) {
      throw bad("SCOPE is not a URI of a store of type " + kind.sqlName());
    }
    return uri.text();
  }

  private static Provider provider(@Nullable String text) {
    if (text == null) {
      return Provider.CONFIG;
    }
    for (Provider provider : Provider.values()) {
      if (provider.name().equalsIgnoreCase(text)) {
        return provider;
      }
    }
    throw bad("no such PROVIDER; expected config, credential_chain or env");
  }

  private static BindSqlException bad(String message) {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, "CREATE SECRET: " + message);
  }

  /** Removes a secret; false if there is none of that name. */
  synchronized boolean drop(String name) {
    return secrets.remove(name.toLowerCase(Locale.ROOT)) != null;
  }

  /** All secrets, the oldest first. */
  public synchronized List<Secret> list() {
    return new ArrayList<>(secrets.values());
  }

  /** The options for a place: of the longest scope, the newest among equals; else none. */
  synchronized Map<String, String> optionsFor(StoreUri uri) {
    Secret best = null;
    for (Secret secret : secrets.values()) {
      if (secret.covers(uri) && (best == null || secret.length() >= best.length())) {
        best = secret;
      }
    }
    return best == null ? Map.of() : best.options();
  }
}
