package org.bindsql.server;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.apache.calcite.avatica.remote.LocalService;
import org.apache.calcite.avatica.server.HttpServer;
import org.apache.calcite.avatica.server.ServerCustomizer;
import org.eclipse.jetty.server.ConnectionLimit;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A server that gives remote JDBC clients what an embedding program gets in process.
 *
 * <p>It speaks Avatica's protocol over plain HTTP, protobuf only, so the stock client connects:
 * {@code jdbc:avatica:remote:url=http://127.0.0.1:8765;serialization=PROTOBUF}. There is no
 * authentication yet: by default it listens on 127.0.0.1, and every program of that machine that
 * can reach the port may read and write the database.
 */
public final class BindServer implements AutoCloseable {
  private final ServerConfig config;
  private final RemoteMeta meta;
  private final RemoteEndpoint endpoint;
  private final HttpServer http;

  /** Keeps the database open, and with it all that is in memory, while no client is connected. */
  private final Connection keeper;

  private BindServer(
      ServerConfig config,
      RemoteMeta meta,
      RemoteEndpoint endpoint,
      HttpServer http,
      Connection keeper) {
    this.config = config;
    this.meta = meta;
    this.endpoint = endpoint;
    this.http = http;
    this.keeper = keeper;
  }

  /**
   * Opens the database and starts to listen.
   *
   * @throws SQLException if the database cannot be opened, or the port is taken
   */
  public static BindServer start(ServerConfig config) throws SQLException {
    Connection keeper = DriverManager.getConnection(config.url(), config.properties());
    try {
      RemoteMeta meta = new RemoteMeta(config);
      RemoteEndpoint endpoint =
          new RemoteEndpoint(new LocalService(meta), config.maxRequestBytes());
      ServerCustomizer<Server> bind = server -> bind(server, config);
      HttpServer http =
          HttpServer.Builder.<Server>newBuilder()
              .withPort(config.port())
              .withHandler(endpoint)
              .withServerCustomizers(List.of(bind), Server.class)
              .build();
      http.start();
      return new BindServer(config, meta, endpoint, http, keeper);
    } catch (SQLException | RuntimeException e) {
      keeper.close();
      throw e instanceof SQLException sql
          ? sql
          : new SQLException(
              "cannot listen on " + config.host() + ":" + config.port() + ": " + rootMessage(e),
              "08001",
              e);
    }
  }

  private static void bind(Server server, ServerConfig config) {
    for (Connector connector : server.getConnectors()) {
      ((ServerConnector) connector).setHost(config.host());
    }
    server.addBean(new ConnectionLimit(config.maxSockets(), server));
    server.setStopTimeout(2_000);
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** The port it listens on: the one the system chose if the configuration said 0. */
  public int port() {
    return http.getPort();
  }

  /** The JDBC URL by which a client on this machine reaches it. */
  public String clientUrl() {
    return "jdbc:avatica:remote:url=http://"
        + (config.host().contains(":") ? "[" + config.host() + "]" : config.host())
        + ":"
        + port()
        + ";serialization=PROTOBUF";
  }

  /** Waits until the server is closed or the thread is interrupted. */
  public void join() throws InterruptedException {
    http.join();
  }

  /**
   * Refuses further requests, ends those that run, closes the clients' connections and then the
   * database.
   */
  @Override
  public void close() throws SQLException {
    if (!endpoint.refuseRequests()) {
      return; // closed before
    }
    meta.closeAll();
    http.stop();
    meta.closeAll(); // what a request opened in between
    keeper.close();
  }
}
