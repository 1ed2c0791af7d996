package org.bindsql.lance.write;

import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.type.CellReader;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.bindsql.vector.VectorCopy;

/** Fills one stored column of a batch from SQL's columns. */
interface ColumnFill {
  /**
   * Copies the given rows to the first ones of the target, which is empty and grows.
   *
   * @throws BindSqlException NULL_NOT_ALLOWED, OUT_OF_RANGE, BAD_ARGUMENT, naming the column
   */
  void fill(Batch batch, Selection rows, FieldVector target, Map<Long, Dictionary> dictionaries);

  /** Forgets what was learnt of the rows of the file before. */
  default void beginFile() {}

  /** How many of the rows, from the first on, the file can take; 0 if it must end. */
  default int fitting(Batch batch, Selection rows) {
    return rows.count();
  }

  /** Fails if a column that has no NULL would get one. */
  static void checkNotNull(FieldVector source, Selection rows, Field target) {
    if (target.isNullable() || source.getNullCount() == 0) {
      return;
    }
    for (int i = 0; i < rows.count(); i++) {
      if (source.isNull(rows.position(i))) {
        throw new BindSqlException(
            ErrorCode.NULL_NOT_ALLOWED, "column " + target.getName() + " does not allow NULL");
      }
    }
  }

  /** A column of SQL's, in the stored type. */
  record Direct(int column) implements ColumnFill {
    @Override
    public void fill(
        Batch batch, Selection rows, FieldVector target, Map<Long, Dictionary> dictionaries) {
      FieldVector source = batch.column(column);
      checkNotNull(source, rows, target.getField());
      if (sameLayout(source.getField(), target.getField())) {
        if (rows.isRange() && RangeCopy.copy(source, rows.from(), rows.count(), target)) {
          return;
        }
        for (int i = 0; i < rows.count(); i++) {
          VectorCopy.copy(source, rows.position(i), target, i);
        }
      } else if (source instanceof TimeStampVector from && target instanceof TimeStampVector to) {
        rescale(from, rows, to);
      } else {
        CellReader reader = CellReader.of(source);
        CellWriter writer = CellWriter.of(target);
        for (int i = 0; i < rows.count(); i++) {
          writer.set(i, reader.get(rows.position(i)));
        }
      }
    }

    private static boolean sameLayout(Field a, Field b) {
      List<Field> children = a.getChildren();
      if (!a.getType().equals(b.getType()) || children.size() != b.getChildren().size()) {
        return false;
      }
      for (int i = 0; i < children.size(); i++) {
        if (!sameLayout(children.get(i), b.getChildren().get(i))) {
          return false;
        }
      }
      return true;
    }

    /** Instants in another unit; those finer than the target's are rounded down. */
    private static void rescale(TimeStampVector from, Selection rows, TimeStampVector to) {
      long source = perSecond(from);
      long target = perSecond(to);
      for (int i = 0; i < rows.count(); i++) {
        int row = rows.position(i);
        if (from.isNull(row)) {
          to.setNull(i);
        } else if (target <= source) {
          to.setSafe(i, Math.floorDiv(from.get(row), source / target));
        } else {
          try {
            to.setSafe(i, Math.multiplyExact(from.get(row), target / source));
          } catch (ArithmeticException e) {
            throw new BindSqlException(
                ErrorCode.OUT_OF_RANGE,
                "column %s: %s does not fit %s"
                    .formatted(to.getField().getName(), from.getObject(row), to.getField()),
                e);
          }
        }
      }
    }

    private static long perSecond(TimeStampVector vector) {
      TimeUnit unit = ((ArrowType.Timestamp) vector.getField().getType()).getUnit();
      return switch (unit) {
        case SECOND -> 1;
        case MILLISECOND -> 1_000;
        case MICROSECOND -> 1_000_000;
        case NANOSECOND -> 1_000_000_000;
      };
    }
  }
}
