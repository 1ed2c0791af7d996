package org.bindsql.engine.storage;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Which servers storage options may have the engine talk to. */
final class Endpoints {
  private Endpoints() {}

  /**
   * Fails unless an endpoint is allowed.
   *
   * @param option name of the option, for the message
   * @param endpoint an {@code http} or {@code https} URL
   * @param allowed as {@link StoragePolicy#endpoints}
   */
  static void check(String option, String endpoint, List<String> allowed) {
    URI uri = parse(option, endpoint);
    String host = uri.getHost().toLowerCase(Locale.ROOT).replaceFirst("[.]$", "");
    if (allowed.contains("*")
        || allowed.stream().anyMatch(entry -> matches(entry, host, port(uri)))) {
      return;
    }
    if (allowed.contains("public") && isPublic(host)) {
      return;
    }
    throw new BindSqlException(
        ErrorCode.NOT_ALLOWED,
        option
            + " names the host '"
            + StoragePolicy.printable(host)
            + "', which the storage policy does not allow");
  }

  private static URI parse(String option, String endpoint) {
    @Nullable URI uri;
    try {
      uri = new URI(endpoint);
    } catch (URISyntaxException e) {
      uri = null; // whose message has the text
    }
    if (uri == null
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || !List.of("http", "https")
            .contains(String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT))) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          option + " is not of the form https://host[:port], without user, query and fragment");
    }
    return uri;
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : uri.getScheme().equalsIgnoreCase("http") ? 80 : 443;
  }

  private static boolean matches(String entry, String host, int port) {
    String lower = entry.toLowerCase(Locale.ROOT).replaceFirst("^https?://", "");
    return lower.equals(host) || lower.equals(host + ":" + port);
  }

  /** Whether all addresses of a host are on the public internet; false if it has none. */
  private static boolean isPublic(String host) {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (isPrivate(address)) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean uniqueLocal = address instanceof Inet6Address && (bytes[0] & 0xfe) == 0xfc;
    boolean embedded = // 64:ff9b::/96 and ::/96 carry an IPv4 address
        address instanceof Inet6Address && (bytes[0] == 0 && bytes[1] == 0 || bytes[1] == 0x64);
    boolean shared = bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
    boolean thisNetwork = bytes.length == 4 && (bytes[0] == 0 || (bytes[0] & 0xf0) == 0xf0);
    return address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isAnyLocalAddress()
        || address.isMulticastAddress()
        || uniqueLocal
        || embedded
        || shared
        || thisNetwork;
  }
}
