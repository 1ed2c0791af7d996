package org.bindsql.engine.storage;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.error.Redaction;

/**
 * The options that open an object store, in the spellings of SQL, and under the names that Lance
 * knows.
 */
public enum StorageOptions {
  /** Amazon S3 and what speaks its protocol. */
  S3(
      Set.of("s3", "s3+ddb"),
      "access_key_id=aws_access_key_id,key_id=aws_access_key_id,"
          + "secret_access_key=aws_secret_access_key,secret=aws_secret_access_key,"
          + "session_token=aws_session_token,token=aws_session_token,"
          + "region=aws_region,endpoint=aws_endpoint,endpoint_url=aws_endpoint,"
          + "virtual_hosted_style_request=aws_virtual_hosted_style_request,"
          + "server_side_encryption=aws_server_side_encryption,sse_kms_key_id=aws_sse_kms_key_id,"
          + "sse_bucket_key_enabled=aws_sse_bucket_key_enabled,"
          + "skip_signature=aws_skip_signature,unsigned_payload=aws_unsigned_payload,"
          + "request_payer=aws_request_payer,s3_express=aws_s3_express"),
  /** Google Cloud Storage. */
  GCS(
      Set.of("gs"),
      "service_account=google_service_account,service_account_key=google_service_account_key,"
          + "token=google_storage_token,skip_signature=google_skip_signature"),
  /** Azure Blob Storage and Data Lake. */
  AZURE(
      Set.of("az", "abfss"),
      "account_name=azure_storage_account_name,account_key=azure_storage_account_key,"
          + "client_id=azure_storage_client_id,client_secret=azure_storage_client_secret,"
          + "tenant_id=azure_storage_tenant_id,sas_token=azure_storage_sas_key,"
          + "sas_key=azure_storage_sas_key,token=azure_storage_token,endpoint=azure_endpoint,"
          + "use_emulator=azure_storage_use_emulator,use_fabric_endpoint=azure_use_fabric_endpoint"),
  /** Alibaba Cloud Object Storage Service. */
  OSS(
      Set.of("oss"),
      "access_key_id=oss_access_key_id,secret_access_key=oss_secret_access_key,"
          + "security_token=oss_security_token,region=oss_region,endpoint=oss_endpoint"),
  /** Tencent Cloud Object Storage. */
  COS(Set.of("cos"), "secret_id=cos_secret_id,secret_key=cos_secret_key,endpoint=cos_endpoint"),
  /** Hugging Face. */
  HF(Set.of("hf"), "token=hf_token");

  private static final String CLIENT =
      "allow_http=allow_http,connect_timeout=connect_timeout,timeout=timeout,"
          + "client_max_retries=client_max_retries,client_retry_timeout=client_retry_timeout,"
          + "download_retry_count=download_retry_count,proxy_url=proxy_url";

  private final Set<String> schemes;
  private final Map<String, String> names;

  StorageOptions(Set<String> schemes, String names) {
    this.schemes = schemes;
    this.names = parse(names);
  }

  private static Map<String, String> parse(String text) {
    Map<String, String> names = new TreeMap<>();
    for (String pair : (text + "," + CLIENT).split(",")) {
      int equals = pair.indexOf('=');
      String key = pair.substring(equals + 1);
      names.put(pair.substring(0, equals), key);
      names.put(key, key);
    }
    return names;
  }

  /** The kind of store with the given name, as {@code s3}; BAD_ARGUMENT if there is none. */
  static StorageOptions named(String type) {
    for (StorageOptions kind : values()) {
      if (kind.name().equalsIgnoreCase(type)
          || kind.schemes.contains(type.toLowerCase(Locale.ROOT))) {
        return kind;
      }
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "no such TYPE of object store; expected s3, gcs, azure, oss, cos or hf");
  }

  /** The kind of store of a URI's scheme, one of {@link StoreUri#SCHEMES}. */
  static StorageOptions of(String scheme) {
    for (StorageOptions kind : values()) {
      if (kind.schemes.contains(scheme)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(scheme);
  }

  /** The schemes of the store's URIs. */
  Set<String> schemes() {
    return schemes;
  }

  /** The kind as SQL writes it. */
  public String sqlName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Options as SQL gives them under the names that Lance knows. Besides the names listed above,
   * {@code use_ssl} and {@code url_style} are understood as DuckDB does, and a {@code storage.}
   * before a name as Spark writes it.
   *
   * @throws BindSqlException BAD_ARGUMENT on an unknown name, or a value out of its domain; no
   *     value is ever in the message
   */
  Map<String, String> normalize(Map<String, String> given) {
    Map<String, String> result = new LinkedHashMap<>();
    boolean ssl = true;
    for (Map.Entry<String, String> entry : given.entrySet()) {
      String name = entry.getKey().toLowerCase(Locale.ROOT).replaceFirst("^storage[.]", "");
      String value = entry.getValue();
      if (this == S3 && name.equals("use_ssl")) {
        ssl = bool(name, value);
        result.putIfAbsent("allow_http", Boolean.toString(!ssl));
        continue;
      }
      if (this == S3 && name.equals("url_style")) {
        boolean virtual = choice(name, value, "path", "vhost").equals("vhost");
        result.put("aws_virtual_hosted_style_request", Boolean.toString(virtual));
        continue;
      }
      String key = names.get(name);
      if (key == null) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "unknown "
                + sqlName()
                + " option '"
                + shown(name)
                + "'; known are "
                + String.join(", ", new TreeSet<>(names.keySet())));
      }
      result.put(key, key.equals("allow_http") ? Boolean.toString(bool(name, value)) : value);
    }
    for (Map.Entry<String, String> entry : result.entrySet()) {
      if (isEndpoint(entry.getKey()) && !entry.getValue().contains("://")) {
        entry.setValue((ssl ? "https://" : "http://") + entry.getValue());
      }
    }
    return result;
  }

  /**
   * All options of a store together, checked, and with a region where the client would otherwise
   * ask the machine's provider for one.
   *
   * @throws BindSqlException BAD_ARGUMENT if a connection would not be encrypted without being
   *     asked for, or a part of a host's name is none
   */
  static Map<String, String> complete(Map<String, String> options) {
    checkEncrypted(options);
    checkHostParts(options);
    Map<String, String> complete = new LinkedHashMap<>(options);
    boolean regional =
        System.getenv("AWS_REGION") != null || System.getenv("AWS_DEFAULT_REGION") != null;
    if (options.containsKey("aws_endpoint") && !regional) {
      complete.putIfAbsent("aws_region", "us-east-1");
    }
    return complete;
  }

  private static void checkEncrypted(Map<String, String> options) {
    for (Map.Entry<String, String> entry : options.entrySet()) {
      if (isEndpoint(entry.getKey())
          && !entry.getKey().equals("proxy_url")
          && entry.getValue().toLowerCase(Locale.ROOT).startsWith("http:")
          && !"true".equals(options.get("allow_http"))) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "the "
                + entry.getKey()
                + " is not encrypted (http), which needs the option ALLOW_HTTP true; expected https");
      }
    }
  }

  /** Parts of host names may not have characters that end a host name. */
  private static void checkHostParts(Map<String, String> options) {
    for (String key : new String[] {"aws_region", "oss_region", "azure_storage_account_name"}) {
      if (!options.getOrDefault(key, "x").matches("[A-Za-z0-9-]{1,64}")) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT, "the " + key + " may have letters, digits and '-' only");
      }
    }
  }

  /** A name as it was written, unless it may be a value that stands where a name should. */
  private static String shown(String name) {
    return name.matches("[a-z_.]{1,40}") ? name : Redaction.MASK;
  }

  private static boolean bool(String name, String value) {
    return choice(name, value, "true", "false").equals("true");
  }

  private static String choice(String name, String value, String first, String second) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.equals(first) || lower.equals(second)) {
      return lower;
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT, "option '" + name + "' takes " + first + " or " + second);
  }

  /** Whether the option names a server to talk to. */
  static boolean isEndpoint(String key) {
    return key.endsWith("endpoint") && !key.startsWith("azure_use") || key.equals("proxy_url");
  }

  /** Whether the option names a local file to read. */
  static boolean isFile(String key) {
    return key.equals("google_service_account");
  }
}
