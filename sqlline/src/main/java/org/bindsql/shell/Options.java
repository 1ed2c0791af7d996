package org.bindsql.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sqlline.BuiltInProperty;

/**
 * Options of the shell's command line.
 *
 * @param url JDBC URL to connect to
 * @param directory database folder or URI in the URL, or null if the URL was given
 * @param user user name for the URL
 * @param password password for the URL
 * @param format format of results, or null where none was asked for
 * @param inputs statements to run, in order; empty for the interactive shell
 * @param sqlline what is handed to sqlline as it stands
 */
public record Options(
    String url,
    @Nullable String directory,
    @Nullable String user,
    @Nullable String password,
    @Nullable ResultFormat format,
    List<Input> inputs,
    List<String> sqlline) {

  /** Database folder where none is named. */
  public static final String DEFAULT_DIRECTORY = "bindsql-data";

  /** Options of sqlline that take a value. */
  private static final Set<String> SQLLINE_VALUES =
      Set.of("-c", "-cn", "-nn", "-log", "-ph", "-ch");

  /** Source of statements on the command line. */
  public sealed interface Input {
    /** Statements of an {@code -e} option. */
    record Text(String sql) implements Input {}

    /** Script of an {@code -f} option; {@code -} is standard input. */
    record Script(String file) implements Input {}
  }

  /**
   * Parses a command line.
   *
   * @throws UsageException for an unknown option, a missing value or a contradiction
   */
  public static Options parse(List<String> args) {
    String directory = null;
    String url = null;
    String user = null;
    String password = null;
    ResultFormat format = null;
    boolean readOnly = false;
    List<Input> inputs = new ArrayList<>();
    List<String> sqlline = new ArrayList<>();
    Arguments rest = new Arguments(args);
    while (rest.hasNext()) {
      String arg = rest.next();
      if (SQLLINE_VALUES.contains(arg)) {
        sqlline.add(arg);
        sqlline.add(rest.value(arg));
        continue;
      }
      switch (arg) {
        case "-d", "--directory" -> directory = rest.value(arg);
        case "-u", "--url" -> url = rest.value(arg);
        case "-n" -> user = rest.value(arg);
        case "-p" -> password = rest.value(arg);
        case "-e" -> inputs.add(new Input.Text(rest.value(arg)));
        case "-f" -> inputs.add(new Input.Script(rest.value(arg)));
        case "--format" -> format = format(rest.value(arg));
        case "--read-only" -> readOnly = true;
        default -> sqlline.add(sqllineProperty(arg));
      }
    }
    if (url != null && directory != null) {
      throw new UsageException("-d and -u exclude each other");
    }
    if (url != null && readOnly) {
      throw new UsageException("--read-only goes with -d; put readOnly=true into the URL of -u");
    }
    if (url == null) {
      directory = directory == null ? DEFAULT_DIRECTORY : directory;
      url = url(directory, readOnly);
    }
    return new Options(
        url, directory, user, password, format, List.copyOf(inputs), List.copyOf(sqlline));
  }

  private static ResultFormat format(String name) {
    ResultFormat format = ResultFormat.of(name);
    if (format == null) {
      throw new UsageException(
          "--format: unknown format '" + name + "', expected one of " + ResultFormat.names());
    }
    return format;
  }

  private static String sqllineProperty(String arg) {
    if (arg.startsWith("--")) {
      String name = arg.substring(arg.startsWith("--no-") ? 5 : 2);
      int equals = name.indexOf('=');
      name = equals < 0 ? name : name.substring(0, equals);
      if (BuiltInProperty.valueOf(name, true) != null) {
        return arg;
      }
    }
    throw new UsageException(
        (arg.startsWith("-") ? "unknown option " : "unexpected argument ") + "'" + arg + "'");
  }

  /** The URL of a database folder or object-store URI. */
  public static String url(String directory, boolean readOnly) {
    return "jdbc:bindsql:path=" + quote(directory) + (readOnly ? ";readOnly=true" : "");
  }

  /** Writes a value of a connect string so that any character survives. */
  private static String quote(String value) {
    boolean plain = value.chars().noneMatch(c -> ";='\"".indexOf(c) >= 0 || c <= ' ');
    return plain ? value : "\"" + value.replace("\"", "\"\"") + "\"";
  }

  /** Lower-case name without regard to the locale. */
  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
