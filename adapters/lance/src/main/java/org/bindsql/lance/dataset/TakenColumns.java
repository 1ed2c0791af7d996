package org.bindsql.lance.dataset;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.vector.ImportedMemory;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;

/**
 * The columns of a filtered scan that are taken row by row.
 *
 * <p>Lance 7.0.0 reads narrow fields of fixed width together with the columns of the filter, and
 * the others for the rows that pass. Of a column that has fields of both kinds it joins the two
 * halves, and loses what is NULL above them; in lists it may end the process. Whole columns, as a
 * take reads them, are right.
 */
public final class TakenColumns implements AutoCloseable {
  /** A field of this width in bytes is narrow to Lance wherever the data lies. */
  private static final int NARROW = 8;

  private final Dataset dataset;
  private final List<String> names;
  private final ImportedMemory memory;
  private @Nullable ArrowReader taken;

  /**
   * Creates the columns.
   *
   * @param names stored columns that are {@link #isNeeded}
   */
  public TakenColumns(Dataset dataset, List<String> names, ExecutionContext context) {
    this.dataset = dataset;
    this.names = names;
    this.memory = new ImportedMemory(context.allocator());
  }

  /** Whether a stored column must be taken when Lance filters: it has parts that may be split. */
  static boolean isNeeded(Field stored) {
    return hasRow(stored) && !isNarrow(stored);
  }

  private static boolean hasRow(Field field) {
    return field.getType() instanceof ArrowType.Struct
        || field.getChildren().stream().anyMatch(TakenColumns::hasRow);
  }

  private static boolean isNarrow(Field field) {
    return switch (field.getType()) {
      case ArrowType.Struct row -> field.getChildren().stream().allMatch(TakenColumns::isNarrow);
      case ArrowType.Bool flag -> true;
      case ArrowType.Int number -> number.getBitWidth() <= NARROW * Byte.SIZE;
      case ArrowType.FloatingPoint number -> true;
      case ArrowType.Date day -> true;
      case ArrowType.Time time -> true;
      case ArrowType.Timestamp time -> true;
      default -> false;
    };
  }

  /**
   * The columns of some rows; they live until the next call.
   *
   * @param rowOffsets positions among the live rows, ascending
   */
  public ArrowReader take(long[] rowOffsets) throws IOException {
    close();
    ArrowReader reader = dataset.take(Arrays.stream(rowOffsets).boxed().toList(), names);
    taken = reader;
    if (!memory.loadNextBatch(reader)
        || reader.getVectorSchemaRoot().getRowCount() != rowOffsets.length) {
      throw new IllegalStateException(
          "Lance took %d of %d rows"
              .formatted(reader.getVectorSchemaRoot().getRowCount(), rowOffsets.length));
    }
    return reader;
  }

  @Override
  public void close() throws IOException {
    memory.close();
    if (taken != null) {
      taken.close();
      taken = null;
    }
  }
}
