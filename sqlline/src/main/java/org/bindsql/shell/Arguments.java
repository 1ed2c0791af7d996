package org.bindsql.shell;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Arguments of a command line, taken one by one; {@code --name=value} also gives its value. */
public final class Arguments {
  private static final List<String> OUR_OPTIONS =
      List.of("--format", "--directory", "--url", "--port", "--host", "--config");

  private final Deque<String> rest;

  /** Creates a walk over the arguments. */
  public Arguments(List<String> args) {
    rest = new ArrayDeque<>(args);
  }

  /** Whether an argument is left. */
  public boolean hasNext() {
    return !rest.isEmpty();
  }

  /** The next argument; {@code --format=csv} is taken apart. */
  public String next() {
    String arg = rest.removeFirst();
    int equals = arg.indexOf('=');
    if (equals > 0 && OUR_OPTIONS.contains(arg.substring(0, equals))) {
      rest.addFirst(arg.substring(equals + 1));
      return arg.substring(0, equals);
    }
    return arg;
  }

  /**
   * The value of an option.
   *
   * @throws UsageException if there is none
   */
  public String value(String option) {
    if (rest.isEmpty()) {
      throw new UsageException("option " + option + " needs a value");
    }
    return rest.removeFirst();
  }
}
