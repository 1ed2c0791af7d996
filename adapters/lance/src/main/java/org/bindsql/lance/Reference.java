package org.bindsql.lance;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * What follows a colon in the name of a version of a table, as {@code t:3}, {@code t:v1}, {@code
 * t:dev:3} or {@code t:@2026-01-31 00:00:00}.
 */
public sealed interface Reference {
  /** The version of that number. */
  record Number(long version) implements Reference {}

  /** A tag, a branch, or {@code main}. */
  record Name(String name) implements Reference {}

  /** The newest version at a time, which is what {@link #clock} showed. */
  record Time(LocalDateTime time) implements Reference {}

  /** The name of the branch that every dataset has. */
  String MAIN = "main";

  /** Characters of names; branches of others may have slashes. */
  Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

  /** Characters that a name may have, so that every file system can keep the file of the name. */
  int MAX_NAME = 200;

  /** A name that only looks like one: it would be taken for the number of a version. */
  Pattern NUMBER = Pattern.compile("\\d+");

  /** The form of TIMESTAMP in SQL. */
  DateTimeFormatter TIMESTAMP =
      new DateTimeFormatterBuilder()
          .appendPattern("uuuu-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter(Locale.ROOT);

  /** A point in time as SQL's TIMESTAMP: this JVM's wall clock, in milliseconds. */
  static LocalDateTime clock(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * The references of a text, as {@code dev:3}.
   *
   * @throws BindSqlException BAD_ARGUMENT if one cannot be any reference
   */
  static List<Reference> parse(String text) {
    List<Reference> references = new ArrayList<>();
    String rest = text;
    while (true) {
      int colon = rest.startsWith("@") || rest.startsWith("'") ? -1 : rest.indexOf(':');
      references.add(one(colon < 0 ? rest : rest.substring(0, colon)));
      if (colon < 0) {
        return List.copyOf(references);
      }
      rest = rest.substring(colon + 1);
    }
  }

  private static Reference one(String text) {
    try {
      if (text.startsWith("@")) {
        return new Time(LocalDateTime.parse(text.substring(1), TIMESTAMP));
      }
      if (NUMBER.matcher(text).matches()) {
        return new Number(Long.parseLong(text));
      }
    } catch (DateTimeException e) {
      throw bad("'" + text.substring(1) + "' is no TIMESTAMP: expected 2026-01-31 23:59:59.999", e);
    } catch (NumberFormatException e) {
      throw bad("there is no version " + text, e);
    }
    boolean isQuoted = text.length() > 1 && text.startsWith("'") && text.endsWith("'");
    String name = isQuoted ? text.substring(1, text.length() - 1) : text;
    checkName(name);
    return new Name(name);
  }

  /** Fails if no tag or branch can have the name. */
  static void checkName(String name) {
    if (NUMBER.matcher(name).matches()) {
      throw bad("'" + name + "' is no name of a tag or branch: it is a number", null);
    }
    if (name.length() > MAX_NAME) {
      throw bad(
          "the name of a tag or branch has "
              + name.length()
              + " characters, expected at most "
              + MAX_NAME,
          null);
    }
    if (!NAME.matcher(name).matches() || name.contains("..") || name.endsWith(".lock")) {
      throw bad(
          "'"
              + name
              + "' is no name of a tag or branch: expected letters a to z, digits, '.', '-' and"
              + " '_', not beginning with '.'",
          null);
    }
  }

  private static BindSqlException bad(String message, @Nullable Throwable e) {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, message, e);
  }
}
