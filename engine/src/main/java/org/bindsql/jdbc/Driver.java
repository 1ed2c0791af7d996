package org.bindsql.jdbc;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.calcite.avatica.AvaticaConnection;
import org.apache.calcite.avatica.ConnectStringParser;
import org.apache.calcite.avatica.DriverVersion;
import org.apache.calcite.avatica.Meta;
import org.apache.calcite.jdbc.CalciteConnection;
import org.apache.calcite.jdbc.CalciteFactory;
import org.apache.calcite.jdbc.CalciteMetaImpl;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.bindsql.engine.BindPrepare;
import org.bindsql.engine.Database;
import org.bindsql.engine.Session;
import org.bindsql.engine.Setting;
import org.bindsql.engine.catalog.MetadataRows;
import org.bindsql.engine.storage.StoragePolicy;
import org.jspecify.annotations.Nullable;

/**
 * JDBC driver of the engine in this process, for URLs such as {@code jdbc:bindsql:path=my-data}.
 *
 * <p>Keys, separated by semicolons: {@code path} (the database folder; without it a private
 * temporary database, gone at close), {@code readOnly}, {@code schema}, {@code planner} ({@code
 * default}, or {@code reference} to run a row at a time), {@code batchSize}, the parts of a {@link
 * StoragePolicy} ({@code policy.roots} and so on), options of the object store in which {@code
 * path} lies ({@code storage.region} and so on), and the name of every {@link Setting}. Any other
 * key is refused with SQLState 22023.
 */
public final class Driver extends org.apache.calcite.jdbc.Driver {
  /** How URLs of this driver begin. */
  public static final String PREFIX = "jdbc:bindsql:";

  static {
    try {
      DriverManager.registerDriver(new Driver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Creates the driver; JDBC does so through the ServiceLoader. */
  public Driver() {
    super(BindPrepare::new);
  }

  @Override
  public org.apache.calcite.jdbc.Driver withPrepareFactory(
      java.util.function.Supplier<CalcitePrepare> prepareFactory) {
    throw new UnsupportedOperationException("the preparation of statements is fixed");
  }

  @Override
  public Meta createMeta(AvaticaConnection connection) {
    return CalciteMetaImpl.create(
        (CalciteConnection) connection, MetadataRows.TABLES, MetadataRows.COLUMNS);
  }

  @Override
  protected String getConnectStringPrefix() {
    return PREFIX;
  }

  @Override
  protected DriverVersion createDriverVersion() {
    return new DriverVersion("BindSQL JDBC Driver", "0.1.0", "BindSQL", "0.1.0", true, 0, 1, 0, 1);
  }

  @Override
  public boolean acceptsURL(String url) {
    return url != null && url.startsWith(PREFIX);
  }

  @Override
  public @Nullable Connection connect(String url, @Nullable Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    try {
      Properties properties = flat(info);
      String suffix = url.substring(PREFIX.length());
      return open(url, ConnectionOptions.of(ConnectStringParser.parse(suffix, properties)));
    } catch (SQLException | RuntimeException | Error e) {
      throw SqlErrors.of(e);
    }
  }

  private Connection open(String url, ConnectionOptions options) throws SQLException {
    Database database =
        Database.open(
            options.path(), options.readOnly(), options.storage(), options.storageOptions());
    boolean opened = false;
    try {
      Session session =
          new Session(
              database,
              options.settings(),
              options.readOnly(),
              options.reference(),
              options.storage());
      AvaticaConnection connection =
          ((CalciteFactory) factory)
              .newConnection(
                  this,
                  factory,
                  url,
                  session.connectionProperties(),
                  session.createRootSchema(),
                  session.typeFactory());
      handler.onConnectionInit(connection);
      Connection edge = ConnectionEdge.wrap(connection, session, url);
      edge.setSchema(options.schema());
      opened = true;
      return edge;
    } finally {
      if (!opened) {
        database.close();
      }
    }
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
    Properties given = flat(info);
    return propertyNames().stream()
        .map(name -> new DriverPropertyInfo(name, given.getProperty(name)))
        .toArray(DriverPropertyInfo[]::new);
  }

  /** The names of all connection properties. */
  static List<String> propertyNames() {
    return Stream.concat(
            ConnectionOptions.KEYS.stream(),
            Stream.of(Setting.values()).map(Setting::sqlName).filter(n -> !n.equals("batch_size")))
        .toList();
  }

  /** The properties with the defaults below them. */
  private static Properties flat(@Nullable Properties info) {
    Properties flat = new Properties();
    if (info != null) {
      List<String> names = new ArrayList<>(info.stringPropertyNames());
      names.forEach(name -> flat.setProperty(name, info.getProperty(name)));
    }
    return flat;
  }
}
