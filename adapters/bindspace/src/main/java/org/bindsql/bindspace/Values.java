package org.bindsql.bindspace;

import java.math.BigDecimal;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Values of a row that a statement writes, from Enumerable's runtime forms. */
final class Values {
  private Values() {}

  /** The value, or fails if it is NULL. */
  static Object required(String column, @Nullable Object value) {
    if (value == null) {
      throw new BindSqlException(
          ErrorCode.NULL_NOT_ALLOWED, column + ": NULL given, expected a value");
    }
    return value;
  }

  /** An integer from 0 to {@code max}. */
  static long integer(String column, @Nullable Object value, long max) {
    BigDecimal number = new BigDecimal(number(column, value).toString());
    if (number.signum() < 0 || number.compareTo(BigDecimal.valueOf(max)) > 0) {
      throw new BindSqlException(
          ErrorCode.OUT_OF_RANGE, column + ": " + value + " is not in 0.." + max);
    }
    return number.longValue();
  }

  static float real(String column, @Nullable Object value) {
    return number(column, value).floatValue();
  }

  static boolean truth(String column, @Nullable Object value) {
    return required(column, value) instanceof Boolean truth
        ? truth
        : Values.<Boolean>mismatch(column, value, "BOOLEAN");
  }

  static @Nullable String text(String column, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case String text -> text;
      default -> mismatch(column, value, "VARCHAR");
    };
  }

  static byte @Nullable [] bytes(String column, @Nullable Object value) {
    return switch (value) {
      case null -> null;
      case ByteString bytes -> bytes.getBytes();
      case byte[] bytes -> bytes;
      default -> mismatch(column, value, "VARBINARY");
    };
  }

  static byte[] requiredBytes(String column, @Nullable Object value) {
    byte[] bytes = bytes(column, required(column, value));
    return bytes == null ? Values.<byte[]>mismatch(column, value, "VARBINARY") : bytes;
  }

  private static Number number(String column, @Nullable Object value) {
    return required(column, value) instanceof Number number
        ? number
        : Values.<Number>mismatch(column, value, "a number");
  }

  private static <T> T mismatch(String column, @Nullable Object value, String expected) {
    String given = value == null ? "NULL" : value.getClass().getSimpleName();
    throw new BindSqlException(
        ErrorCode.TYPE_MISMATCH, column + ": " + given + " given, expected " + expected);
  }
}
