package org.bindsql.model;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Random;

/**
 * Kinds of columns of the model. Values are Long, Double, String, Boolean or BigDecimal, so that
 * they compare by themselves; binary values and dates are text.
 */
enum Kind {
  INTEGER("INTEGER", "k", "n", "m"),
  TEXT("VARCHAR", "s", "u"),
  DOUBLE("DOUBLE", "d"),
  BOOLEAN("BOOLEAN", "b"),
  CODE("BINARY(8)", "fp", "gp"),
  DATE("DATE", "dt", "du"),
  MONEY("DECIMAL(10, 2)", "price");

  static final int CODE_BYTES = 8;

  final String type;
  private final String[] names;

  Kind(String type, String... names) {
    this.type = type;
    this.names = names;
  }

  /** A name of a column of this kind; a name belongs to one kind. */
  String name(Random random) {
    return names[random.nextInt(names.length)];
  }

  /** The kind of columns of the given name. */
  static Kind of(String name) {
    for (Kind kind : values()) {
      for (String other : kind.names) {
        if (other.equals(name)) {
          return kind;
        }
      }
    }
    throw new IllegalArgumentException(name);
  }

  /** A value from a small domain, or NULL. */
  Comparable<?> random(Random random) {
    if (random.nextInt(8) == 0) {
      return null;
    }
    return switch (this) {
      case INTEGER -> (long) random.nextInt(30) - 4;
      case TEXT -> TEXTS[random.nextInt(TEXTS.length)];
      case DOUBLE -> random.nextInt(40) / 4.0 - 3;
      case BOOLEAN -> random.nextBoolean();
      case CODE -> HexFormat.of().withUpperCase().toHexDigits(1L << random.nextInt(64));
      case DATE -> "2024-0" + (1 + random.nextInt(9)) + "-1" + random.nextInt(10);
      case MONEY -> BigDecimal.valueOf(random.nextInt(2000) - 500, 2);
    };
  }

  private static final String[] TEXTS = {
    "", "a", "ab", "abc", "b%", "it's", "\"q\"", "NULL", "ä€😀", "x;--", "\\", "_"
  };

  /** The value as SQL. */
  String literal(Object value) {
    if (value == null) {
      return "CAST(NULL AS " + type + ")";
    }
    return switch (this) {
      case INTEGER, BOOLEAN -> value.toString();
      case TEXT -> "'" + value.toString().replace("'", "''") + "'";
      case DOUBLE -> "CAST(" + value + " AS DOUBLE)";
      case CODE -> "X'" + value + "'";
      case DATE -> "DATE '" + value + "'";
      case MONEY -> "CAST(" + ((BigDecimal) value).toPlainString() + " AS " + type + ")";
    };
  }
}
