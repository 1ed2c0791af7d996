package org.bindsql.type;

import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;

/** How much memory a column's values take, by their type. */
public final class ValueWidth {
  /** Bytes of a text or binary value, of which the type says nothing. */
  private static final long GUESSED_BYTES = 32;

  /** Values in a list or map, of which the type says nothing. */
  private static final long GUESSED_VALUES = 8;

  private ValueWidth() {}

  /** Whether the type fixes the number of bytes, so that {@link #of} is no guess. */
  public static boolean isFixed(Field field) {
    return switch (field.getType()) {
      case ArrowType.FixedSizeList list ->
          field.getChildren().stream().allMatch(ValueWidth::isFixed);
      case ArrowType.Struct row -> field.getChildren().stream().allMatch(ValueWidth::isFixed);
      case ArrowType.Utf8 text -> false;
      case ArrowType.LargeUtf8 text -> false;
      case ArrowType.Binary binary -> false;
      case ArrowType.LargeBinary binary -> false;
      case ArrowType type -> !type.isComplex();
    };
  }

  /** Bytes of one value: exact to a few where the type fixes it, else a guess. */
  public static long of(Field field) {
    long parts = field.getChildren().stream().mapToLong(ValueWidth::of).sum();
    return switch (field.getType()) {
      case ArrowType.FixedSizeBinary binary -> binary.getByteWidth();
      case ArrowType.FixedSizeList list -> list.getListSize() * parts;
      case ArrowType.Struct row -> parts;
      case ArrowType type when type.isComplex() -> GUESSED_VALUES * parts;
      case ArrowType.Decimal number -> number.getBitWidth() / Byte.SIZE;
      case ArrowType.FloatingPoint number ->
          switch (number.getPrecision()) {
            case HALF -> 2;
            case SINGLE -> Float.BYTES;
            case DOUBLE -> Double.BYTES;
          };
      case ArrowType.Int number -> number.getBitWidth() / Byte.SIZE;
      case ArrowType.Utf8 text -> GUESSED_BYTES;
      case ArrowType.LargeUtf8 text -> GUESSED_BYTES;
      case ArrowType.Binary binary -> GUESSED_BYTES;
      case ArrowType.LargeBinary binary -> GUESSED_BYTES;
      default -> Long.BYTES;
    };
  }
}
