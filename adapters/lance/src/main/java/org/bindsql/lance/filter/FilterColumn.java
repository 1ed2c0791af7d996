package org.bindsql.lance.filter;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.arrow.vector.types.DateUnit;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.type.SqlTypeName;
import org.jspecify.annotations.Nullable;

/**
 * A column in Lance's filter language, with the comparisons whose meaning there is SQL's.
 *
 * <p>Where Lance would answer otherwise or refuse (a value outside the column's type, NaN, -0.0,
 * text in UTF-16 order), the comparison is rewritten to one that means the same, or there is none.
 */
public sealed interface FilterColumn {
  /** The name, quoted. */
  String name();

  /** Whether values of the SQL type are compared with this column without loss. */
  boolean accepts(SqlTypeName type);

  /**
   * A comparison with a value in Enumerable's runtime form, not null.
   *
   * @param operator EQUALS, NOT_EQUALS or one of the four orders
   */
  @Nullable FilterText compare(SqlKind operator, Object value);

  /** Whether every value of an accepted type has a comparison under the operator. */
  default boolean isTotal(SqlKind operator) {
    return true;
  }

  /** The value as Lance's literal, or null if {@code column = value} must be written otherwise. */
  @Nullable String literal(Object value);

  /** The column of an Arrow type, or null if it cannot be compared in Lance. */
  static @Nullable FilterColumn of(String name, ArrowType type) {
    return switch (type) {
      case ArrowType.Bool ignored -> new BooleanColumn(name);
      case ArrowType.Int t when t.getIsSigned() -> IntegerColumn.signed(name, t.getBitWidth());
      case ArrowType.Int t when t.getBitWidth() < 64 ->
          new IntegerColumn(name, BigDecimal.ZERO, BigDecimal.valueOf((1L << t.getBitWidth()) - 1));
      case ArrowType.FloatingPoint t when t.getPrecision() == FloatingPointPrecision.SINGLE ->
          new FloatColumn(name, true);
      case ArrowType.FloatingPoint t when t.getPrecision() == FloatingPointPrecision.DOUBLE ->
          new FloatColumn(name, false);
      case ArrowType.Utf8 ignored -> new TextColumn(name);
      case ArrowType.LargeUtf8 ignored -> new TextColumn(name);
      case ArrowType.Binary ignored -> new BinaryColumn(name, -1);
      case ArrowType.LargeBinary ignored -> new BinaryColumn(name, -1);
      case ArrowType.FixedSizeBinary t -> new BinaryColumn(name, t.getByteWidth());
      case ArrowType.Date t when t.getUnit() == DateUnit.DAY -> new DateColumn(name);
      case ArrowType.Timestamp t when t.getTimezone() == null ->
          new TimestampColumn(name, t.getUnit());
      default -> null;
    };
  }

  /** FALSE where the column has a value and NULL where it has none. */
  default FilterText never() {
    return new FilterText(name() + " IS NULL AND cast(NULL as boolean)", 1, 2);
  }

  /** TRUE where the column has a value and NULL where it has none. */
  default FilterText always() {
    return new FilterText(name() + " IS NOT NULL OR cast(NULL as boolean)", 1, 2);
  }

  /** The comparison as it stands. */
  default FilterText plain(SqlKind operator, String literal) {
    return FilterText.term(name() + " " + operator.sql + " " + literal);
  }

  /** {@code = value} never holds, {@code <> value} always does; no order. */
  default @Nullable FilterText unequal(SqlKind operator) {
    return switch (operator) {
      case EQUALS -> never();
      case NOT_EQUALS -> always();
      default -> null;
    };
  }

  /** BOOLEAN, by equality. */
  record BooleanColumn(String name) implements FilterColumn {
    @Override
    public boolean accepts(SqlTypeName type) {
      return type == SqlTypeName.BOOLEAN;
    }

    @Override
    public boolean isTotal(SqlKind operator) {
      return operator == SqlKind.EQUALS || operator == SqlKind.NOT_EQUALS;
    }

    @Override
    public @Nullable FilterText compare(SqlKind operator, Object value) {
      return isTotal(operator) && value instanceof Boolean b ? plain(operator, b.toString()) : null;
    }

    @Override
    public @Nullable String literal(Object value) {
      return null;
    }
  }

  /** Whole numbers of which 64 bits hold every one, by value. */
  record IntegerColumn(String name, BigDecimal least, BigDecimal greatest) implements FilterColumn {
    private static final BigDecimal LEAST_LONG = BigDecimal.valueOf(Long.MIN_VALUE);

    static IntegerColumn signed(String name, int bits) {
      long greatest = -1L >>> (65 - bits);
      return new IntegerColumn(
          name, BigDecimal.valueOf(-greatest - 1), BigDecimal.valueOf(greatest));
    }

    @Override
    public boolean accepts(SqlTypeName type) {
      return SqlTypeName.EXACT_TYPES.contains(type);
    }

    @Override
    public @Nullable String literal(Object value) {
      if (!(value instanceof Number number)) {
        return null;
      }
      BigDecimal exact = exact(number);
      return isWhole(exact) && exact.compareTo(least) >= 0 && exact.compareTo(greatest) <= 0
          ? print(exact.setScale(0, RoundingMode.UNNECESSARY))
          : null;
    }

    @Override
    public @Nullable FilterText compare(SqlKind operator, Object value) {
      if (!(value instanceof Number number)) {
        return null;
      }
      BigDecimal exact = exact(number);
      String literal = literal(number);
      return switch (operator) {
        case EQUALS, NOT_EQUALS -> literal == null ? unequal(operator) : plain(operator, literal);
        case LESS_THAN, LESS_THAN_OR_EQUAL -> atMost(bound(exact, operator));
        case GREATER_THAN, GREATER_THAN_OR_EQUAL -> atLeast(bound(exact, operator));
        default -> null;
      };
    }

    /** The outermost whole number that satisfies the order. */
    private static BigDecimal bound(BigDecimal value, SqlKind operator) {
      return switch (operator) {
        case LESS_THAN -> value.setScale(0, RoundingMode.CEILING).subtract(BigDecimal.ONE);
        case LESS_THAN_OR_EQUAL -> value.setScale(0, RoundingMode.FLOOR);
        case GREATER_THAN -> value.setScale(0, RoundingMode.FLOOR).add(BigDecimal.ONE);
        default -> value.setScale(0, RoundingMode.CEILING);
      };
    }

    private FilterText atMost(BigDecimal bound) {
      return bound.compareTo(least) < 0
          ? never()
          : bound.compareTo(greatest) >= 0
              ? always()
              : plain(SqlKind.LESS_THAN_OR_EQUAL, print(bound));
    }

    private FilterText atLeast(BigDecimal bound) {
      return bound.compareTo(greatest) > 0
          ? never()
          : bound.compareTo(least) <= 0
              ? always()
              : plain(SqlKind.GREATER_THAN_OR_EQUAL, print(bound));
    }

    /** Lance reads the sign last, so that the least number of 64 bits would pass for a double. */
    private static String print(BigDecimal whole) {
      return whole.compareTo(LEAST_LONG) == 0
          ? "cast('" + whole.toPlainString() + "' as bigint)"
          : whole.toPlainString();
    }

    private static BigDecimal exact(Number number) {
      return number instanceof BigDecimal decimal
          ? decimal
          : BigDecimal.valueOf(number.longValue());
    }

    private static boolean isWhole(BigDecimal value) {
      return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    }
  }

  /**
   * REAL and DOUBLE with Java's comparisons. Lance orders -0.0 before 0.0 and NaN outside the
   * infinities, so zeros are written out and orders exclude NaN.
   *
   * @param single whether values have 32 bits
   */
  record FloatColumn(String name, boolean single) implements FilterColumn {
    @Override
    public boolean accepts(SqlTypeName type) {
      return SqlTypeName.APPROX_TYPES.contains(type) || SqlTypeName.EXACT_TYPES.contains(type);
    }

    @Override
    public boolean isTotal(SqlKind operator) {
      return true;
    }

    @Override
    public @Nullable String literal(Object value) {
      return null;
    }

    @Override
    public @Nullable FilterText compare(SqlKind operator, Object value) {
      if (!(value instanceof Number number)) {
        return null;
      }
      double v = number.doubleValue();
      if (value instanceof BigDecimal exact
          && (Double.isInfinite(v)
              || new BigDecimal(v).compareTo(exact) != 0
              || (single && (float) v != v))) {
        return null; // is it compared as a float, a double or a decimal?
      }
      if (Double.isNaN(v)) {
        return operator == SqlKind.NOT_EQUALS ? always() : never();
      }
      double below = single ? floatAtMost(v) : v; // the nearest values the column can hold
      double above = single ? floatAtLeast(v) : v;
      boolean held = below == v && !Double.isInfinite(v);
      return switch (operator) {
        case EQUALS -> held ? equal(v) : Double.isInfinite(v) ? infinite(v) : never();
        case NOT_EQUALS ->
            held ? equal(v).not() : Double.isInfinite(v) ? infinite(v).not() : always();
        case LESS_THAN -> held || Double.isInfinite(v) ? less(v) : atMost(below);
        case LESS_THAN_OR_EQUAL -> atMost(below);
        case GREATER_THAN -> held || Double.isInfinite(v) ? greater(v) : atLeast(above);
        case GREATER_THAN_OR_EQUAL -> atLeast(above);
        default -> null;
      };
    }

    private static double floatAtMost(double v) {
      float f = (float) v;
      return f > v ? Math.nextDown(f) : f;
    }

    private static double floatAtLeast(double v) {
      float f = (float) v;
      return f < v ? Math.nextUp(f) : f;
    }

    private FilterText equal(double v) {
      return v == 0
          ? FilterText.join(
              "OR", List.of(plain(SqlKind.EQUALS, "0.0"), plain(SqlKind.EQUALS, "-0.0")))
          : plain(SqlKind.EQUALS, Double.toString(v));
    }

    private double greatestFinite() {
      return single ? Float.MAX_VALUE : Double.MAX_VALUE;
    }

    private FilterText infinite(double v) {
      double edge = greatestFinite();
      return v > 0
          ? number(SqlKind.GREATER_THAN, Double.toString(edge))
          : number(SqlKind.LESS_THAN, Double.toString(-edge));
    }

    private FilterText less(double v) {
      if (Double.isInfinite(v)) {
        return v > 0
            ? number(SqlKind.LESS_THAN_OR_EQUAL, Double.toString(greatestFinite()))
            : never();
      }
      return number(SqlKind.LESS_THAN, v == 0 ? "-0.0" : Double.toString(v));
    }

    private FilterText greater(double v) {
      if (Double.isInfinite(v)) {
        return v < 0
            ? number(SqlKind.GREATER_THAN_OR_EQUAL, Double.toString(-greatestFinite()))
            : never();
      }
      return number(SqlKind.GREATER_THAN, v == 0 ? "0.0" : Double.toString(v));
    }

    private FilterText atMost(double v) {
      if (Double.isInfinite(v)) {
        return v > 0 ? notNan() : infinite(v);
      }
      return number(SqlKind.LESS_THAN_OR_EQUAL, v == 0 ? "0.0" : Double.toString(v));
    }

    private FilterText atLeast(double v) {
      if (Double.isInfinite(v)) {
        return v < 0 ? notNan() : infinite(v);
      }
      return number(SqlKind.GREATER_THAN_OR_EQUAL, v == 0 ? "-0.0" : Double.toString(v));
    }

    private FilterText notNan() {
      return FilterText.term("isnan(" + name + ")").not();
    }

    private FilterText number(SqlKind operator, String literal) {
      return FilterText.join("AND", List.of(plain(operator, literal), notNan()));
    }
  }

  /** Text, compared by UTF-16 code units in Java and by UTF-8 bytes in Lance. */
  record TextColumn(String name) implements FilterColumn {
    @Override
    public boolean accepts(SqlTypeName type) {
      return SqlTypeName.CHAR_TYPES.contains(type);
    }

    @Override
    public boolean isTotal(SqlKind operator) {
      return operator == SqlKind.EQUALS || operator == SqlKind.NOT_EQUALS;
    }

    @Override
    public @Nullable String literal(Object value) {
      return value instanceof String text ? quote(text) : null;
    }

    @Override
    public @Nullable FilterText compare(SqlKind operator, Object value) {
      if (!(value instanceof String text)) {
        return null;
      }
      if (!isTotal(operator) && text.chars().anyMatch(c -> c >= Character.MIN_SURROGATE)) {
        return null; // the two orders differ from here on
      }
      String literal = quote(text);
      // Text that is not Unicode equals no stored value.
      return literal == null ? unequal(operator) : plain(operator, literal);
    }

    /**
     * A string literal; null if the text is not valid Unicode. What Java's way of handing text to
     * native code mangles (NUL, characters beyond U+FFFF) goes as bytes.
     */
    static @Nullable String quote(String text) {
      if (text.chars().noneMatch(c -> c == 0 || Character.isSurrogate((char) c))) {
        return "'" + text.replace("'", "''") + "'";
      }
      try {
        java.nio.ByteBuffer bytes =
            StandardCharsets.UTF_8.newEncoder().encode(java.nio.CharBuffer.wrap(text));
        byte[] array = new byte[bytes.remaining()];
        bytes.get(array);
        return "cast(X'" + HexFormat.of().formatHex(array) + "' as string)";
      } catch (CharacterCodingException e) {
        return null;
      }
    }
  }

  /**
   * Byte strings, in unsigned order.
   *
   * @param width bytes of every value, or -1 if they differ
   */
  record BinaryColumn(String name, int width) implements FilterColumn {
    @Override
    public boolean accepts(SqlTypeName type) {
      return SqlTypeName.BINARY_TYPES.contains(type);
    }

    @Override
    public boolean isTotal(SqlKind operator) {
      return width < 0; // SQL pads or cuts a parameter to the width
    }

    @Override
    public @Nullable String literal(Object value) {
      byte[] bytes =
          switch (value) {
            case byte[] array -> array;
            case org.apache.calcite.avatica.util.ByteString string -> string.getBytes();
            default -> null;
          };
      return bytes == null || (width >= 0 && bytes.length != width)
          ? null
          : "X'" + HexFormat.of().formatHex(bytes) + "'";
    }

    @Override
    public @Nullable FilterText compare(SqlKind operator, Object value) {
      String literal = literal(value);
      return literal == null ? unequal(operator) : plain(operator, literal);
    }
  }

  /** DATE as days since 1970-01-01. */
  record DateColumn(String name) implements FilterColumn {
    @Override
    public boolean accepts(SqlTypeName type) {
      return type == SqlTypeName.DATE;
    }

    @Override
    public @Nullable String literal(Object value) {
      return value instanceof Number days ? "cast(" + days.intValue() + " as date)" : null;
    }

    @Override
    public @Nullable FilterText compare(SqlKind operator, Object value) {
      String literal = literal(value);
      return literal == null ? null : plain(operator, literal);
    }
  }

  /**
   * TIMESTAMP without time zone. SQL sees milliseconds, rounded down, whatever the unit; so a
   * millisecond is an interval of finer units.
   */
  record TimestampColumn(String name, TimeUnit unit) implements FilterColumn {
    @Override
    public boolean accepts(SqlTypeName type) {
      return type == SqlTypeName.TIMESTAMP;
    }

    @Override
    public @Nullable String literal(Object value) {
      return null;
    }

    @Override
    public @Nullable FilterText compare(SqlKind operator, Object value) {
      if (!(value instanceof Long millis)) {
        return null;
      }
      return switch (operator) {
        case EQUALS -> within(millis);
        case NOT_EQUALS -> within(millis).not();
        case LESS_THAN -> before(millis);
        case GREATER_THAN_OR_EQUAL -> before(millis).not();
        case LESS_THAN_OR_EQUAL -> millis == Long.MAX_VALUE ? always() : before(millis + 1);
        case GREATER_THAN -> millis == Long.MAX_VALUE ? never() : before(millis + 1).not();
        default -> null;
      };
    }

    private FilterText within(long millis) {
      return millis == Long.MAX_VALUE
          ? before(millis).not()
          : FilterText.join("AND", List.of(before(millis).not(), before(millis + 1)));
    }

    /** Whether a value, in its unit, lies before a millisecond. */
    private FilterText before(long millis) {
      java.math.BigInteger bound =
          switch (unit) {
            case SECOND -> java.math.BigInteger.valueOf(Math.floorDiv(millis - 1, 1000L) + 1);
            case MILLISECOND -> java.math.BigInteger.valueOf(millis);
            case MICROSECOND -> scaled(millis, 1000);
            case NANOSECOND -> scaled(millis, 1_000_000);
          };
      if (bound.bitLength() > 63) {
        return bound.signum() > 0 ? always() : never();
      }
      String function =
          switch (unit) {
            case SECOND -> "to_timestamp_seconds";
            case MILLISECOND -> "to_timestamp_millis";
            case MICROSECOND -> "to_timestamp_micros";
            case NANOSECOND -> "to_timestamp_nanos";
          };
      return plain(SqlKind.LESS_THAN, function + "(" + bound + ")");
    }

    private static java.math.BigInteger scaled(long millis, long factor) {
      return java.math.BigInteger.valueOf(millis).multiply(java.math.BigInteger.valueOf(factor));
    }
  }
}
