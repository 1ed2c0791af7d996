package org.bindsql.engine.run;

import java.lang.reflect.Array;
import java.math.BigDecimal;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.calcite.avatica.AvaticaParameter;
import org.apache.calcite.avatica.util.ByteString;
import org.apache.calcite.avatica.util.DateTimeUtils;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Values of parameters, as a program binds them. */
public final class ParameterValue {
  private ParameterValue() {}

  /**
   * A bound value in Enumerable's runtime form of its parameter's declared type.
   *
   * <p>Integers convert to any number type that holds them exactly ({@link ErrorCode#OUT_OF_RANGE}
   * otherwise), text to numbers and dates it denotes ({@link ErrorCode#BAD_TEXT}), Java arrays to
   * ARRAY; what has no conversion is a {@link ErrorCode#BAD_ARGUMENT}.
   *
   * @param position of the parameter, from 1, for messages
   */
  public static @Nullable Object coerce(
      @Nullable Object value, AvaticaParameter parameter, int position) {
    if (value == null) {
      return null;
    }
    try {
      Object converted = convert(value, parameter.parameterType, parameter.typeName);
      if (converted != null) {
        return converted;
      }
    } catch (ArithmeticException e) {
      throw new BindSqlException(
          ErrorCode.OUT_OF_RANGE,
          "parameter " + position + ": " + value + " is out of range of " + parameter.typeName,
          e);
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      throw new BindSqlException(
          ErrorCode.BAD_TEXT,
          "parameter " + position + ": '" + value + "' is not a value of " + parameter.typeName,
          e);
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT,
        "parameter "
            + position
            + ": expected "
            + parameter.typeName
            + ", got "
            + value.getClass().getSimpleName());
  }

  private static @Nullable Object convert(Object value, int type, String typeName) {
    return switch (type) {
      case Types.TINYINT -> map(number(value), BigDecimal::byteValueExact);
      case Types.SMALLINT -> map(number(value), BigDecimal::shortValueExact);
      case Types.INTEGER -> map(number(value), BigDecimal::intValueExact);
      case Types.BIGINT -> map(number(value), BigDecimal::longValueExact);
      case Types.DECIMAL, Types.NUMERIC -> number(value);
      case Types.REAL ->
          value instanceof Number n ? n.floatValue() : map(number(value), BigDecimal::floatValue);
      case Types.FLOAT, Types.DOUBLE ->
          value instanceof Number n ? n.doubleValue() : map(number(value), BigDecimal::doubleValue);
      case Types.BOOLEAN -> bool(value);
      case Types.CHAR, Types.VARCHAR, Types.LONGVARCHAR -> text(value);
      case Types.BINARY, Types.VARBINARY, Types.LONGVARBINARY -> bytes(value);
      case Types.DATE -> date(value);
      case Types.TIME -> time(value);
      case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> timestamp(value);
      case Types.ARRAY -> list(value, typeName);
      default -> value instanceof byte[] raw ? new ByteString(raw) : value;
    };
  }

  private interface Exact {
    Object apply(BigDecimal number);
  }

  private static @Nullable Object map(@Nullable BigDecimal number, Exact exact) {
    return number == null ? null : exact.apply(number);
  }

  private static @Nullable BigDecimal number(Object value) {
    return switch (value) {
      case BigDecimal number -> number;
      case java.math.BigInteger number -> new BigDecimal(number);
      case Double number -> BigDecimal.valueOf(number);
      case Float number -> new BigDecimal(number.toString());
      case Number number -> BigDecimal.valueOf(number.longValue());
      case String text -> new BigDecimal(text.strip());
      default -> null;
    };
  }

  private static @Nullable Object bool(Object value) {
    return switch (value) {
      case Boolean bool -> bool;
      case Number number -> number.doubleValue() != 0;
      case String text ->
          switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "t", "1" -> true;
            case "false", "f", "0" -> false;
            default -> throw new IllegalArgumentException(text);
          };
      default -> null;
    };
  }

  private static @Nullable Object text(Object value) {
    return switch (value) {
      case String text -> text;
      case Number number -> number.toString();
      case Boolean bool -> bool.toString();
      case Character character -> character.toString();
      case java.util.UUID uuid -> uuid.toString();
      default -> null;
    };
  }

  private static @Nullable Object bytes(Object value) {
    return switch (value) {
      case ByteString bytes -> bytes;
      case byte[] bytes -> new ByteString(bytes);
      default -> null;
    };
  }

  private static @Nullable Object date(Object value) {
    return switch (value) {
      case Integer days -> days;
      case LocalDate date -> Math.toIntExact(date.toEpochDay());
      case LocalDateTime time -> Math.toIntExact(time.toLocalDate().toEpochDay());
      case Long millis -> Math.toIntExact(Math.floorDiv(millis, DateTimeUtils.MILLIS_PER_DAY));
      case String text -> Math.toIntExact(LocalDate.parse(text.strip()).toEpochDay());
      default -> null;
    };
  }

  private static @Nullable Object time(Object value) {
    return switch (value) {
      case Integer millis -> millis;
      case LocalTime time -> (int) (time.toNanoOfDay() / 1_000_000);
      case String text -> (int) (LocalTime.parse(text.strip()).toNanoOfDay() / 1_000_000);
      default -> null;
    };
  }

  private static @Nullable Object timestamp(Object value) {
    return switch (value) {
      case Long millis -> millis;
      case LocalDateTime time -> time.toInstant(ZoneOffset.UTC).toEpochMilli();
      case LocalDate date -> date.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
      case Instant instant -> local(instant);
      case OffsetDateTime time -> local(time.toInstant());
      case String text ->
          LocalDateTime.parse(text.strip().replace(' ', 'T'))
              .toInstant(ZoneOffset.UTC)
              .toEpochMilli();
      default -> null;
    };
  }

  /** A point in time as the wall clock of this JVM's zone shows it, which is what JDBC means. */
  private static long local(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneId.systemDefault())
        .toInstant(ZoneOffset.UTC)
        .toEpochMilli();
  }

  private static @Nullable Object list(Object value, String typeName) {
    List<@Nullable Object> elements = new ArrayList<>();
    if (value instanceof List<?> list) {
      elements.addAll(list);
    } else if (value.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(value); i++) {
        elements.add(Array.get(value, i));
      }
    } else {
      return null;
    }
    int elementType = elementType(typeName);
    elements.replaceAll(
        element -> element == null ? null : element(element, elementType, typeName));
    return elements;
  }

  private static Object element(Object element, int type, String typeName) {
    Object converted = convert(element, type, typeName);
    if (converted == null) {
      throw new IllegalArgumentException(element + " in " + typeName);
    }
    return converted;
  }

  /** The component type of, for example, {@code REAL NOT NULL ARRAY}. */
  private static int elementType(String typeName) {
    String first = typeName.strip().split("[ (]", 2)[0].toUpperCase(Locale.ROOT);
    return switch (first) {
      case "REAL" -> Types.REAL;
      case "FLOAT", "DOUBLE" -> Types.DOUBLE;
      case "TINYINT" -> Types.TINYINT;
      case "SMALLINT" -> Types.SMALLINT;
      case "INTEGER" -> Types.INTEGER;
      case "BIGINT" -> Types.BIGINT;
      case "DECIMAL" -> Types.DECIMAL;
      case "CHAR", "VARCHAR" -> Types.VARCHAR;
      case "BINARY", "VARBINARY" -> Types.VARBINARY;
      case "BOOLEAN" -> Types.BOOLEAN;
      default -> Types.OTHER;
    };
  }
}
