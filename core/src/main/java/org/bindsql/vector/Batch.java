package org.bindsql.vector;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/**
 * Columns of equal length, and the rows of them that are active.
 *
 * <p>A batch borrows its vectors from the reader that returned it and is valid until that reader's
 * next {@link BatchReader#next()} or {@link BatchReader#close()}; whoever keeps a value longer
 * copies it, or retains the buffers, which the reader may let go but never writes to again.
 *
 * @param columns the columns; each holds {@code rowCount} values
 * @param rowCount number of rows in the vectors, active or not
 * @param selection the active rows
 */
public record Batch(List<FieldVector> columns, int rowCount, Selection selection) {
  /** A batch in which every row is active. */
  public static Batch of(List<FieldVector> columns, int rowCount) {
    return new Batch(columns, rowCount, Selection.range(0, rowCount));
  }

  /** The column at position {@code i}. */
  public FieldVector column(int i) {
    return columns.get(i);
  }

  /** The same columns with other active rows. */
  public Batch withSelection(Selection rows) {
    return new Batch(columns, rowCount, rows);
  }

  /** The columns at the given positions, in that order, with the same active rows. */
  public Batch select(int[] positions) {
    List<FieldVector> selected = new ArrayList<>(positions.length);
    for (int position : positions) {
      selected.add(columns.get(position));
    }
    return new Batch(selected, rowCount, selection);
  }
}
