package org.bindsql.shell;

import java.net.ConnectException;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.AvaticaClientRuntimeException;
import org.bindsql.error.BindSqlException;
import org.jspecify.annotations.Nullable;

/** A failed statement as text for people: one line, and where it is known, a line with a caret. */
public final class Failure {
  private static final Pattern POSITION =
      Pattern.compile("(?i)(?:\\bfrom |\\bat |\\()line (\\d+), column (\\d+)");

  /** What the Avatica client puts before the server's message. */
  private static final Pattern REMOTE_NOISE =
      Pattern.compile(
          "^Error -?\\d+ \\(\\w*\\) : (?:Error while .*Remote driver error: )?", Pattern.DOTALL);

  private static final int LONGEST_LINE = 160;

  private Failure() {}

  /** The text for a failed statement, without a line break at the end. */
  public static String describe(Throwable failure, @Nullable String sql) {
    String state = state(failure);
    String message = message(failure);
    StringBuilder text = new StringBuilder("ERROR ").append(state).append(": ").append(message);
    Matcher position = POSITION.matcher(message);
    if (sql != null && position.find()) {
      caret(text, sql, Integer.parseInt(position.group(1)), Integer.parseInt(position.group(2)));
    }
    return text.toString();
  }

  private static String state(Throwable failure) {
    String state =
        switch (failure) {
          case SQLException e -> e.getSQLState();
          case AvaticaClientRuntimeException e -> e.getSqlState();
          case BindSqlException e -> e.code().sqlState();
          case RuntimeException e when e.getCause() instanceof ConnectException -> "08001";
          default -> null;
        };
    return state == null ? "XX000" : state;
  }

  private static String message(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    return REMOTE_NOISE.matcher(message.strip()).replaceFirst("").replaceAll("\\s*\\R\\s*", " ");
  }

  /** Adds the line of the statement and a caret under the column, both 1-based. */
  private static void caret(StringBuilder text, String sql, int line, int column) {
    String[] lines = sql.split("\n", -1);
    if (line < 1 || line > lines.length || column < 1 || column > lines[line - 1].length() + 1) {
      return;
    }
    String source = lines[line - 1].replace('\t', ' ').stripTrailing();
    int from = Math.max(0, Math.min(column - LONGEST_LINE / 2, source.length() - LONGEST_LINE));
    int to = Math.min(source.length(), from + LONGEST_LINE);
    text.append("\n  ").append(source, from, to).append("\n  ");
    text.repeat(' ', column - 1 - from).append('^');
  }
}
