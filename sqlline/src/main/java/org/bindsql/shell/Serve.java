package org.bindsql.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.bindsql.engine.storage.StoragePolicy;
import org.bindsql.server.BindServer;
import org.bindsql.server.ServerConfig;
import org.jspecify.annotations.Nullable;

/**
 * The command {@code serve}: the database over HTTP for the stock Avatica client.
 *
 * <p>Options: {@code --port}, {@code --host}, {@code -d}, {@code --read-only}, and {@code --config}
 * with a properties file of the same names ({@code port}, {@code host}, {@code directory}, {@code
 * readOnly}) and, in the file only, what clients may open outside the database ({@code policy.*})
 * and options of the object store in which it lies ({@code storage.*}); what the command line says
 * goes before what the file says.
 */
final class Serve {
  private static final List<String> KEYS = List.of("port", "host", "directory", "readOnly");

  private final Properties settings = new Properties();

  private Serve() {}

  /** Serves until the process is told to stop and returns the exit status. */
  static int run(List<String> args, PrintStream err) {
    ServerConfig config = config(args);
    try (BindServer server = BindServer.start(config)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server, err)));
      err.println("BindSQL " + Version.number() + " serves at " + server.clientUrl());
      err.println("Connect with: bindsql -u '" + server.clientUrl() + "'; stop with Ctrl-C");
      server.join();
      return Main.OK;
    } catch (SQLException e) {
      err.println(Failure.describe(e, null));
      return Main.FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Main.OK;
    }
  }

  private static void close(BindServer server, PrintStream err) {
    try {
      server.close();
    } catch (SQLException e) {
      err.println(Failure.describe(e, null));
    }
  }

  /** The configuration that a command line asks for. */
  static ServerConfig config(List<String> args) {
    Serve serve = new Serve();
    Properties fromFile = new Properties();
    Arguments rest = new Arguments(args);
    while (rest.hasNext()) {
      String arg = rest.next();
      switch (arg) {
        case "--port" -> serve.settings.setProperty("port", rest.value(arg));
        case "--host" -> serve.settings.setProperty("host", rest.value(arg));
        case "-d", "--directory" -> serve.settings.setProperty("directory", rest.value(arg));
        case "--read-only" -> serve.settings.setProperty("readOnly", "true");
        case "--config" -> fromFile = load(rest.value(arg));
        default -> throw new UsageException("serve: unknown option '" + arg + "'");
      }
    }
    for (String key : fromFile.stringPropertyNames()) {
      serve.settings.putIfAbsent(key, fromFile.getProperty(key));
    }
    return serve.config();
  }

  private ServerConfig config() {
    String directory = settings.getProperty("directory", Options.DEFAULT_DIRECTORY);
    ServerConfig config = ServerConfig.forDatabase(directory);
    @Nullable String port = settings.getProperty("port");
    @Nullable String host = settings.getProperty("host");
    if (port != null) {
      config = config.withPort(port(port));
    }
    if (host != null) {
      config = config.withHost(host);
    }
    Properties further = new Properties();
    for (String key : settings.stringPropertyNames()) {
      if (isStorage(key)) {
        further.setProperty(key, settings.getProperty(key));
      }
    }
    config = config.withProperties(further);
    return Boolean.parseBoolean(settings.getProperty("readOnly")) ? config.asReadOnly() : config;
  }

  private static boolean isStorage(String key) {
    return StoragePolicy.KEYS.contains(key) || key.startsWith("storage.");
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text.strip());
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new UsageException("serve: port is '" + text + "', expected 0 to 65535");
  }

  private static Properties load(String file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(Path.of(file))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UsageException("serve: cannot read --config " + file + ": " + e.getMessage());
    }
    for (String key : properties.stringPropertyNames()) {
      if (!KEYS.contains(key) && !isStorage(key)) {
        throw new UsageException(
            "serve: unknown key '"
                + key
                + "' in "
                + file
                + ", expected one of "
                + KEYS
                + ", "
                + StoragePolicy.KEYS
                + " or storage.*");
      }
    }
    return properties;
  }
}
