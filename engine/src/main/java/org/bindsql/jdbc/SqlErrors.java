package org.bindsql.jdbc;

import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.sql.parser.SqlParseException;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Translation of every failure below the JDBC edge into an SQLException with SQLState and a message
 * for the user.
 */
public final class SqlErrors {
  private static final Pattern POSITION =
      Pattern.compile("^From line \\d+, column \\d+ to line \\d+, column \\d+: ");
  private static final Pattern NOISE =
      Pattern.compile(
          "^(?:(?:Error while (?:executing|preparing) (?:SQL|statement|plan)[^:]*: *"
              + "|exception while executing query: *"
              + "|(?:[a-z][a-zA-Z0-9_]*\\.)+[A-Z]\\w*(?:Exception|Error)?: *))+",
          Pattern.DOTALL);

  /** What Calcite's parser says of text that begins with no keyword of a statement. */
  private static final String EXPRESSION = "Non-query expression encountered in illegal context";

  private SqlErrors() {}

  /** The SQLException that stands for a failure. */
  public static SQLException of(Throwable failure) {
    List<Throwable> chain = chain(failure);
    SQLException exhausted = exhausted(chain);
    if (exhausted != null) {
      return exhausted;
    }
    for (Throwable cause : chain) {
      SQLException known = known(cause);
      if (known != null) {
        return known;
      }
    }
    Throwable root = chain.getLast();
    String message = clean(root.getMessage() == null ? "" : root.getMessage());
    return with(
        Messages.stateOf(root, message),
        message.isEmpty() ? name(root) : Messages.reworded(message),
        failure);
  }

  /** What stands for memory or stack that ran out, however it was wrapped; null if neither did. */
  private static @Nullable SQLException exhausted(List<Throwable> chain) {
    for (Throwable cause : chain) {
      if (cause instanceof BindSqlException e
          && (e.code() == ErrorCode.LIMIT_REACHED || e.code() == ErrorCode.TOO_COMPLEX)) {
        return known(e);
      }
      if (cause instanceof OutOfMemoryException || cause instanceof StackOverflowError) {
        return known(cause);
      }
    }
    return null;
  }

  private static @Nullable SQLException known(Throwable cause) {
    return switch (cause) {
      case BindSqlException e -> with(e.code().sqlState(), message(e), e);
      case SQLException e when e.getSQLState() != null -> e;
      case SqlParseException e -> syntax(e);
      case CalciteContextException e -> validation(e);
      case RelOptPlanner.CannotPlanException e ->
          with(
              ErrorCode.NOT_SUPPORTED.sqlState(),
              "this statement has no plan: it uses something not supported",
              e);
      case OutOfMemoryException e ->
          with(
              ErrorCode.LIMIT_REACHED.sqlState(),
              "out of off-heap memory (memory_limit): " + firstLine(message(e)),
              e);
      case StackOverflowError e ->
          with(
              ErrorCode.TOO_COMPLEX.sqlState(),
              "statement too complex: it is nested too deeply",
              e);
      case OutOfMemoryError e -> with("53200", "out of memory", e);
      default -> null;
    };
  }

  private static SQLException syntax(SqlParseException e) {
    String text = firstLine(message(e));
    if (text.startsWith(EXPRESSION)) {
      text = "neither a statement nor a query begins like this";
    }
    String where =
        e.getPos() == null || text.contains(" at line ")
            ? ""
            : " (line " + e.getPos().getLineNum() + ", column " + e.getPos().getColumnNum() + ")";
    return with(ErrorCode.SYNTAX.sqlState(), "syntax error: " + Messages.reworded(text) + where, e);
  }

  private static SQLException validation(CalciteContextException e) {
    Throwable cause = e.getCause();
    String text =
        clean(cause == null || cause.getMessage() == null ? message(e) : cause.getMessage());
    String where =
        e.getPosLine() > 0 ? " (line " + e.getPosLine() + ", column " + e.getPosColumn() + ")" : "";
    return with(
        Messages.stateOf(cause == null ? e : cause, text), Messages.reworded(text) + where, e);
  }

  private static SQLException with(String state, String message, Throwable cause) {
    return switch (state.substring(0, 2)) {
      case "0A" -> withCause(new SQLFeatureNotSupportedException(message, state), cause);
      case "42" -> new SQLSyntaxErrorException(message, state, cause);
      case "57" -> new SQLTimeoutException(message, state, cause);
      default -> new SQLException(message, state, cause);
    };
  }

  private static SQLException withCause(SQLException e, Throwable cause) {
    e.initCause(cause);
    return e;
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> chain = new ArrayList<>();
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Throwable t = failure; t != null && seen.add(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }

  /**
   * A message without positions, names of Java classes and prefixes that say only that it failed.
   */
  static String clean(String message) {
    String text = POSITION.matcher(message).replaceFirst("");
    Matcher noise = NOISE.matcher(text);
    return noise.lookingAt() && noise.end() < text.length() ? text.substring(noise.end()) : text;
  }

  private static String message(Throwable e) {
    return e.getMessage() == null ? name(e) : e.getMessage();
  }

  private static String name(Throwable e) {
    return "internal error (" + e.getClass().getSimpleName() + ")";
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse(text).strip();
  }
}
