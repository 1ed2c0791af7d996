package org.bindsql.engine.dialect;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * The options of a statement's WITH clause. Names are matched without regard to case; a name that
 * the statement does not know, or that comes twice, is an error, as is a value of the wrong kind.
 */
public final class StatementOptions {
  private final String statement;
  private final Map<String, @Nullable String> values = new LinkedHashMap<>();

  /**
   * Reads options.
   *
   * @param statement what has them, for messages
   * @param options equalities of an identifier and a value
   * @param known the names allowed, in lower case
   */
  public StatementOptions(String statement, SqlNodeList options, List<String> known) {
    this.statement = statement;
    for (SqlNode option : options) {
      List<SqlNode> sides = ((SqlCall) option).getOperandList();
      String name = String.join(".", ((SqlIdentifier) sides.get(0)).names).toLowerCase(Locale.ROOT);
      if (!known.contains(name)) {
        throw bad(
            "unknown option '"
                + name
                + "'; "
                + (known.isEmpty()
                    ? "it has none"
                    : "the options are " + String.join(", ", known)));
      }
      if (values.containsKey(name)) {
        throw bad("option '" + name + "' is given twice");
      }
      values.put(name, text(sides.get(1)));
    }
  }

  private static @Nullable String text(SqlNode value) {
    if (value instanceof SqlLiteral literal) {
      Object plain = literal.getValue();
      return plain == null ? null : literal.toValue();
    }
    return String.join(".", ((SqlIdentifier) value).names);
  }

  /** The text of an option, or null if it is not given. */
  public @Nullable String text(String name) {
    if (values.containsKey(name) && values.get(name) == null) {
      throw bad("option '" + name + "' is NULL; leave it out for its default");
    }
    return values.get(name);
  }

  /** A whole number within bounds, or null if it is not given. */
  public @Nullable Long number(String name, long min, long max) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      long value = new BigDecimal(text.strip()).longValueExact();
      if (value >= min && value <= max) {
        return value;
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw badNumber(name, text, min, max);
    }
    throw badNumber(name, text, min, max);
  }

  /** A number from 0 to 1, or null if it is not given. */
  public @Nullable Double share(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    try {
      double value = new BigDecimal(text.strip()).doubleValue();
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw bad("option '" + name + "' cannot be '" + text + "': expected a number from 0 to 1");
    }
    throw bad("option '" + name + "' cannot be '" + text + "': expected a number from 0 to 1");
  }

  /** A truth value, or null if it is not given. */
  public @Nullable Boolean flag(String name) {
    String text = text(name);
    if (text == null) {
      return null;
    }
    return switch (text.strip().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default ->
          throw bad("option '" + name + "' cannot be '" + text + "': expected true or false");
    };
  }

  /** Fails for an option's value. */
  public BindSqlException bad(String message) {
    return new BindSqlException(ErrorCode.BAD_ARGUMENT, statement + ": " + message);
  }

  private BindSqlException badNumber(String name, String text, long min, long max) {
    return bad(
        "option '"
            + name
            + "' cannot be '"
            + text
            + "': expected a whole number "
            + (max == Long.MAX_VALUE ? "of at least " + min : "from " + min + " to " + max));
  }
}
