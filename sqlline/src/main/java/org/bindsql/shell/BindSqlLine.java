package org.bindsql.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.LineReaderImpl;
import org.jspecify.annotations.Nullable;
import sqlline.Current;
import sqlline.SqlLine;

/**
 * A sqlline whose statements are run by {@link StatementRunner}.
 *
 * <p>sqlline sends a line that does not begin with {@code !} to its own code, which cuts it at
 * every semicolon and prints errors its own way. The reader it gets from here therefore turns such
 * a line into {@link SqlCommand}.
 */
final class BindSqlLine extends SqlLine {
  /** Statements that may hold a credential, which the history file should not: JLine's pattern. */
  static final String WITH_SECRETS = "(?is)*secret*|*attach*[(]*";

  private static final Set<String> GOODBYES = Set.of("quit", "exit", "\\q");

  private final PrintStream out;
  private final PrintStream err;
  private final List<Shell.Work> work;
  private final boolean batch;
  private boolean failed;

  BindSqlLine(PrintStream out, PrintStream err, List<Shell.Work> work, boolean batch) {
    this.out = out;
    this.err = err;
    this.work = work;
    this.batch = batch;
    setOutputStream(out);
    setErrorStream(err);
    Current.brand(this, new BindApplication(batch));
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  List<Shell.Work> work() {
    return work;
  }

  boolean batch() {
    return batch;
  }

  boolean failed() {
    return failed;
  }

  void fail() {
    failed = true;
  }

  /** Errors of shell commands; those of statements never come here. */
  @Override
  public void handleException(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof InvocationTargetException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    failed = true;
    error(Failure.describe(cause, null));
  }

  @Override
  public boolean error(String message) {
    failed = true;
    return super.error(message);
  }

  /** In a run nobody watches, only what the statements and commands themselves say matters. */
  @Override
  public void info(String message) {
    if (!batch) {
      super.info(message);
    }
  }

  @Override
  public LineReader getConsoleReader(@Nullable InputStream in, History history) throws IOException {
    LineReader reader = super.getConsoleReader(in, history);
    reader.setVariable(LineReader.HISTORY_IGNORE, WITH_SECRETS);
    if (reader instanceof LineReaderImpl impl) {
      // These need no semicolon, for which sqlline's parser would wait.
      Parser parser = impl.getParser();
      Parser plain = new DefaultParser();
      impl.setParser((line, cursor, context) ->
          (isGoodbye(line) ? plain : parser).parse(line, cursor, context));
    }
    return (LineReader)
        Proxy.newProxyInstance(
            BindSqlLine.class.getClassLoader(),
            new Class<?>[] {LineReader.class},
            (proxy, method, args) -> {
              Object result;
              try {
                result = method.invoke(reader, args);
              } catch (InvocationTargetException e) {
                throw e.getTargetException();
              }
              return method.getName().equals("readLine") && result instanceof String line
                  ? asCommand(line)
                  : result;
            });
  }

  private static boolean isGoodbye(String line) {
    return GOODBYES.contains(line.strip().replaceAll("[;\\s]+$", "").toLowerCase(Locale.ROOT));
  }

  /** The line as sqlline is to see it: a command. */
  static String asCommand(String line) {
    String text = line.strip();
    if (isGoodbye(text)) {
      return COMMAND_PREFIX + "quit";
    }
    boolean sqllines = text.isEmpty() || text.startsWith(COMMAND_PREFIX);
    if (sqllines || text.equals("?") || text.equalsIgnoreCase("help")) {
      return text;
    }
    return SqlCommand.text(text);
  }
}
