package org.bindsql.server;

import java.util.Properties;
import org.bindsql.engine.storage.StoragePolicy;

/**
 * Settings of a {@link BindServer}.
 *
 * @param host address to listen on; only this one, never all interfaces unless it says {@code
 *     0.0.0.0}
 * @param port TCP port, 0 for any free one
 * @param url JDBC URL that every client's connection is opened with
 * @param properties connection properties that clients cannot change, such as {@code path} and
 *     {@code readOnly}
 * @param readOnly whether a client may turn a connection's read-only flag off
 * @param maxRequestBytes longest request in bytes; a longer one is refused with SQLState 53400
 * @param maxSockets most TCP connections at one time; further ones wait
 */
public record ServerConfig(
    String host,
    int port,
    String url,
    Properties properties,
    boolean readOnly,
    int maxRequestBytes,
    int maxSockets) {
  /** Port of {@code bindsql serve} when none is given. */
  public static final int DEFAULT_PORT = 8765;

  private static final int MAX_REQUEST_BYTES = 16 << 20;
  private static final int MAX_SOCKETS = 1_000;

  public ServerConfig {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is outside 0 to 65535");
    }
    properties = (Properties) properties.clone();
  }

  /**
   * A server for the database in {@code path} (a folder or URI), on 127.0.0.1 and port 8765.
   * Clients can open nothing outside it: {@link StoragePolicy#confinedTo}.
   */
  public static ServerConfig forDatabase(String path) {
    Properties properties = StoragePolicy.confinedTo(path).toProperties();
    properties.setProperty("path", path);
    return forUrl("jdbc:bindsql:", properties);
  }

  /** A server that opens {@code url} for its clients, on 127.0.0.1 and port 8765. */
  static ServerConfig forUrl(String url, Properties properties) {
    return new ServerConfig(
        "127.0.0.1", DEFAULT_PORT, url, properties, false, MAX_REQUEST_BYTES, MAX_SOCKETS);
  }

  /** The same, listening on another address. */
  public ServerConfig withHost(String newHost) {
    return new ServerConfig(newHost, port, url, properties, readOnly, maxRequestBytes, maxSockets);
  }

  /** The same, listening on another port; 0 takes any free one. */
  public ServerConfig withPort(int newPort) {
    return new ServerConfig(host, newPort, url, properties, readOnly, maxRequestBytes, maxSockets);
  }

  /** The same, with the database opened for reading only. */
  public ServerConfig asReadOnly() {
    Properties copy = (Properties) properties.clone();
    copy.setProperty("readOnly", "true");
    return new ServerConfig(host, port, url, copy, true, maxRequestBytes, maxSockets);
  }

  /** The same, refusing requests of more than {@code bytes} bytes. */
  public ServerConfig withMaxRequestBytes(int bytes) {
    return new ServerConfig(host, port, url, properties, readOnly, bytes, maxSockets);
  }

  /** The same, with further connection properties that clients cannot change. */
  public ServerConfig withProperties(Properties further) {
    Properties all = (Properties) properties.clone();
    all.putAll(further);
    return new ServerConfig(host, port, url, all, readOnly, maxRequestBytes, maxSockets);
  }

  /** A copy: {@link Properties} can be changed. */
  @Override
  public Properties properties() {
    return (Properties) properties.clone();
  }
}
