package org.bindsql.type;

import java.util.List;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/** Vectors of one Arrow type as vectors of another that holds the same values. */
public final class VectorConversion {
  private VectorConversion() {}

  /** Whether values are laid out alike; names and nullability do not matter. */
  public static boolean isSame(Field left, Field right) {
    List<Field> children = left.getChildren();
    if (!left.getType().equals(right.getType())
        || left.getDictionary() != null
        || right.getDictionary() != null
        || children.size() != right.getChildren().size()) {
      return false;
    }
    for (int i = 0; i < children.size(); i++) {
      if (!isSame(children.get(i), right.getChildren().get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether {@link #convert} loses nothing: every value is kept, or found not to fit. What remains
   * to be seen for each value is the range of integers and decimals, the length of binary values
   * and of lists, and whether a time is a whole second.
   */
  public static boolean isLossless(Field from, Field to) {
    if (isSame(from, to)) {
      return true;
    }
    if (from.getDictionary() != null || to.getDictionary() != null) {
      return false;
    }
    return switch (to.getType()) {
      case ArrowType.Int ignored -> from.getType() instanceof ArrowType.Int;
      case ArrowType.FloatingPoint type -> fitsFloat(from.getType(), type.getPrecision());
      case ArrowType.Decimal type ->
          switch (from.getType()) {
            case ArrowType.Int ignored -> true;
            case ArrowType.Decimal given -> given.getScale() <= type.getScale();
            default -> false;
          };
      case ArrowType.Utf8 ignored -> isText(from.getType());
      case ArrowType.LargeUtf8 ignored -> isText(from.getType());
      case ArrowType.Binary ignored -> isBinary(from.getType());
      case ArrowType.LargeBinary ignored -> isBinary(from.getType());
      case ArrowType.FixedSizeBinary ignored -> isBinary(from.getType());
      case ArrowType.Date ignored -> from.getType() instanceof ArrowType.Date;
      case ArrowType.Time ignored ->
          from.getType() instanceof ArrowType.Time given && isMillis(given.getUnit());
      case ArrowType.Timestamp type ->
          from.getType() instanceof ArrowType.Timestamp given
              && (given.getTimezone() == null) == (type.getTimezone() == null)
              && isMillis(given.getUnit());
      case ArrowType.List ignored -> isList(from) && children(from, to);
      case ArrowType.LargeList ignored -> isList(from) && children(from, to);
      case ArrowType.FixedSizeList ignored -> isList(from) && children(from, to);
      case ArrowType.Struct ignored ->
          from.getType() instanceof ArrowType.Struct && children(from, to);
      case ArrowType.Map ignored -> from.getType() instanceof ArrowType.Map && children(from, to);
      default -> false;
    };
  }

  private static boolean fitsFloat(ArrowType from, FloatingPointPrecision to) {
    return switch (from) {
      case ArrowType.Int type ->
          type.getBitWidth() <= (to == FloatingPointPrecision.DOUBLE ? 32 : 16)
              && to != FloatingPointPrecision.HALF;
      case ArrowType.FloatingPoint type -> type.getPrecision().ordinal() <= to.ordinal();
      default -> false;
    };
  }

  private static boolean isText(ArrowType type) {
    return type instanceof ArrowType.Utf8
        || type instanceof ArrowType.LargeUtf8
        || type instanceof ArrowType.Utf8View;
  }

  private static boolean isBinary(ArrowType type) {
    return type instanceof ArrowType.Binary
        || type instanceof ArrowType.LargeBinary
        || type instanceof ArrowType.BinaryView
        || type instanceof ArrowType.FixedSizeBinary;
  }

  /** Values pass through milliseconds, so finer units are not converted. */
  private static boolean isMillis(TimeUnit from) {
    return from == TimeUnit.SECOND || from == TimeUnit.MILLISECOND;
  }

  /** Whether the type has no fraction of a second. */
  private static boolean isWholeSeconds(ArrowType type) {
    return switch (type) {
      case ArrowType.Time time -> time.getUnit() == TimeUnit.SECOND;
      case ArrowType.Timestamp time -> time.getUnit() == TimeUnit.SECOND;
      default -> false;
    };
  }

  private static boolean isList(Field field) {
    return field.getType() instanceof ArrowType.List
        || field.getType() instanceof ArrowType.LargeList
        || field.getType() instanceof ArrowType.FixedSizeList
        || field.getType() instanceof ArrowType.ListView
        || field.getType() instanceof ArrowType.LargeListView;
  }

  private static boolean children(Field from, Field to) {
    if (from.getChildren().size() != to.getChildren().size()) {
      return false;
    }
    for (int i = 0; i < to.getChildren().size(); i++) {
      if (!isLossless(from.getChildren().get(i), to.getChildren().get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * A new vector with the values of the batch's active rows; those of other rows are undefined. The
   * caller closes it.
   *
   * @param vector a column of the batch
   * @throws BindSqlException OUT_OF_RANGE, BAD_ARGUMENT (a length) or NULL_NOT_ALLOWED, naming the
   *     field
   */
  public static FieldVector convert(
      FieldVector vector, Batch batch, Field to, BufferAllocator allocator) {
    FieldVector result = to.createVector(allocator);
    try {
      result.setInitialCapacity(batch.rowCount());
      result.allocateNew();
      CellReader reader = CellReader.of(vector);
      CellWriter writer = CellWriter.of(result);
      boolean seconds = isWholeSeconds(to.getType());
      Selection rows = batch.selection();
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.position(i);
        Object value = reader.get(row);
        if (seconds && value instanceof Number millis && millis.longValue() % 1000 != 0) {
          throw new BindSqlException(
              ErrorCode.OUT_OF_RANGE,
              "column " + to.getName() + " holds whole seconds; given " + millis + " ms");
        }
        writer.set(row, value);
      }
      result.setValueCount(batch.rowCount());
      return result;
    } catch (Throwable e) {
      result.close();
      throw e;
    }
  }
}
