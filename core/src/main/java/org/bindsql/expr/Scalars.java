package org.bindsql.expr;

import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Constants in the form that {@link Column.ScalarColumn} prescribes. */
final class Scalars {
  private Scalars() {}

  /**
   * Converts a value in Enumerable's runtime form.
   *
   * @param name what to call the value in an error
   */
  static @Nullable Object of(@Nullable Object value, Field field, String name) {
    if (value == null) {
      return null;
    }
    Object converted =
        switch (field.getType()) {
          case ArrowType.Bool ignored -> value instanceof Boolean ? value : null;
          case ArrowType.Int type ->
              value instanceof Number n
                  ? (Object) (type.getBitWidth() <= 32 ? n.intValue() : n.longValue())
                  : null;
          case ArrowType.FloatingPoint type -> value instanceof Number n ? floating(type, n) : null;
          case ArrowType.Utf8 ignored -> value instanceof String ? value : null;
          case ArrowType.Binary ignored -> bytes(value);
          case ArrowType.FixedSizeBinary ignored -> bytes(value);
          case ArrowType.Date ignored -> value instanceof Number n ? n.intValue() : null;
          case ArrowType.Timestamp ignored -> value instanceof Number n ? n.longValue() : null;
          default -> null;
        };
    if (converted == null) {
      throw new BindSqlException(
          ErrorCode.TYPE_MISMATCH,
          name + ": " + value.getClass().getSimpleName() + " given, expected " + field.getType());
    }
    return converted;
  }

  private static Object floating(ArrowType.FloatingPoint type, Number value) {
    if (type.getPrecision() == FloatingPointPrecision.DOUBLE) {
      return value.doubleValue();
    }
    return value.floatValue();
  }

  private static byte @Nullable [] bytes(Object value) {
    return switch (value) {
      case ByteString bytes -> bytes.getBytes();
      case byte[] bytes -> bytes;
      default -> null;
    };
  }
}
