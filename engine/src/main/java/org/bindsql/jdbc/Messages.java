package org.bindsql.jdbc;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SQLStates of failures that Calcite and Avatica tell apart only by their wording. */
final class Messages {
  private static final Pattern NUMBER =
      Pattern.compile("For input string: \"(.*)\".*", Pattern.DOTALL);
  private static final Pattern TRUTH =
      Pattern.compile("Invalid character for cast: (.*)", Pattern.DOTALL);
  private static final Pattern CONVERSION =
      Pattern.compile("cannot convert to (\\S+) \\(\\S+\\$(\\w+)Accessor@\\w+\\)");
  private static final Pattern AGGREGATE =
      Pattern.compile("Expression '(.*\\.)?_rowaddr' is not being grouped");
  private static final Pattern LITERAL =
      Pattern.compile("Literal '(.*)' can not be parsed to type 'java\\.lang\\.Integer'");
  private static final Map<Pattern, String> STATES = new LinkedHashMap<>();

  static {
    state("42P01", "Object '.*' not found", "Table '.*' not found");
    state("42703", "[Cc]olumn '.*' not found", "Unknown target column", "Unknown field '");
    state("42883", "No match found for function signature", "Invalid number of arguments");
    state("42702", "Column '.*' is ambiguous", "Column name '.*' in .* is not unique");
    state("42803", "is not being grouped", "Aggregate expression", "must not be nested");
    state(
        "42804",
        "Cannot apply '.*' to arguments of type",
        "Cannot assign to target field",
        "Values passed to .* must have compatible types",
        "Type mismatch",
        "Illegal mixing of types",
        "cannot be cast",
        "Cast function cannot convert",
        "Parameters must be of the same type",
        "Illegal use of dynamic parameter",
        "The system time period specification expects");
    state("42712", "Duplicate relation name");
    state("42701", "Target column '.*' is assigned more than once");
    state("42601", "Number of INSERT target columns", "Column count mismatch");
    state("23502", "has no default value and does not allow NULLs", "Cannot insert NULL");
    state("22012", "[Dd]ivision by zero", "/ by zero");
    state("22008", "Value of [A-Z]+ field is out of range");
    state("2201E", "Cannot take logarithm");
    state("22003", "out of range", "overflow", "Value .* out of");
    state("57014", "[Ss]tatement cancell?ed", "timed? out");
    state("07001", "unbound parameter");
    state("07009", "parameter ordinal .* out of range", "invalid column ordinal", "column ordinal");
    state("08003", "[Cc]onnection closed", "Connection is closed");
    state("24000", "Expecting cursor position to be");
    state("HY010", "Result ?Set (is )?closed", "[Ss]tatement (is )?closed");
    state("22P02", "Invalid character for cast", "cannot convert to .*StringAccessor@");
    state("07006", "cannot convert to .*Accessor@");
    state("22011", "negative substring length");
    state("3F000", "[Ss]chema '.*' not found", "no schema");
    state(
        "0A000",
        "is not a temporal table",
        "not supported",
        "[Nn]ot implemented",
        "[Uu]nsupported");
    state("22007", "Invalid (DATE|TIME|TIMESTAMP) value", "Illegal (DATE|TIME|TIMESTAMP) literal");
    state("21000", "more than one value in agg SINGLE_VALUE", "returned more than one");
  }

  private Messages() {}

  private static void state(String state, String... patterns) {
    for (String pattern : patterns) {
      STATES.put(Pattern.compile(pattern, Pattern.DOTALL), state);
    }
  }

  /** The message that says the same to a user of SQL. */
  static String reworded(String message) {
    Matcher number = NUMBER.matcher(message);
    if (number.matches()) {
      return "not a number: '" + number.group(1) + "'";
    }
    Matcher truth = TRUTH.matcher(message);
    if (truth.matches()) {
      return "not a boolean: '" + truth.group(1) + "'";
    }
    Matcher conversion = CONVERSION.matcher(message);
    if (conversion.matches()) {
      String kind = conversion.group(2);
      return "cannot read the column as "
          + conversion.group(1)
          + ": its values are "
          + (kind.endsWith("String") ? "text" : kind.toLowerCase(Locale.ROOT));
    }
    if (AGGREGATE.matcher(message).matches()) {
      return "Aggregate expression is illegal here; use a subquery";
    }
    Matcher literal = LITERAL.matcher(message);
    if (literal.matches()) {
      return "'" + literal.group(1) + "' is too large: expected at most 2147483647";
    }
    if (message.startsWith("Expecting cursor position to be")) {
      return message.endsWith("BEFORE_START")
          ? "no current row: next() has not been called"
          : "no current row: the result set is at its end";
    }
    return switch (message) {
      case "/ by zero" -> "division by zero";
      case "more than one value in agg SINGLE_VALUE" ->
          "a subquery that is used as a value returned more than one row";
      case "Illegal use of dynamic parameter" ->
          "the type of this parameter cannot be told: write CAST(? AS type)";
      default -> message;
    };
  }

  /** The SQLState of a failure whose own type does not say it. */
  static String stateOf(Throwable failure, String message) {
    for (Map.Entry<Pattern, String> entry : STATES.entrySet()) {
      if (entry.getKey().matcher(message).find()) {
        return entry.getValue();
      }
    }
    return switch (failure) {
      case ArithmeticException e -> "22003";
      case NumberFormatException e -> "22P02";
      case java.time.DateTimeException e -> "22007";
      case UnsupportedOperationException e -> "0A000";
      case org.apache.calcite.sql.validate.SqlValidatorException e -> "42000";
      case java.sql.SQLFeatureNotSupportedException e -> "0A000";
      default -> "XX000";
    };
  }
}
