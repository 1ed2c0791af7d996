package org.bindsql.lance.write;

import java.util.Arrays;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.calcite.avatica.util.ByteString;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.type.CellReader;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * One of the two stored columns whose bytes SQL's column {@code fingerprint} joins.
 *
 * <p>In new rows the fingerprint and its parts, where given, must agree. In rows that are updated
 * the fingerprint decides; its parts, which no UPDATE sets, stay as they are where it is NULL
 * because one of them is. If both are there beside a fingerprint of NULL, then a statement has just
 * set that.
 *
 * @param whole position of the joined column among SQL's
 * @param part position of this part's own column
 * @param other position of the other part's
 * @param from where in the joined bytes the part begins
 * @param to where it ends
 * @param width number of joined bytes
 * @param inserting whether all rows are new
 */
record PairFill(int whole, int part, int other, int from, int to, int width, boolean inserting)
    implements ColumnFill {

  /** The fill of a stored column that is part of a pair. */
  static PairFill of(Snapshot snapshot, int stored, boolean inserting) {
    int whole = snapshot.whole(stored);
    int[] pair = snapshot.sources().get(whole);
    int left = snapshot.column(pair[0]);
    int right = snapshot.column(pair[1]);
    int middle = snapshot.width(left);
    int width = snapshot.width(whole);
    return pair[0] == stored
        ? new PairFill(whole, left, right, 0, middle, width, inserting)
        : new PairFill(whole, right, left, middle, width, width, inserting);
  }

  @Override
  public void fill(
      Batch batch, Selection rows, FieldVector target, Map<Long, Dictionary> dictionaries) {
    CellReader wholes = CellReader.of(batch.column(whole));
    CellReader parts = CellReader.of(batch.column(part));
    CellReader others = CellReader.of(batch.column(other));
    CellWriter writer = CellWriter.of(target);
    for (int i = 0; i < rows.count(); i++) {
      int row = rows.position(i);
      Object value = value(wholes.get(row), parts.get(row), others.get(row));
      if (value == null && !target.getField().isNullable()) {
        throw new BindSqlException(
            ErrorCode.NULL_NOT_ALLOWED, "column " + Snapshot.FINGERPRINT + " does not allow NULL");
      }
      writer.set(i, value);
    }
  }

  private @Nullable Object value(
      @Nullable Object joined, @Nullable Object own, @Nullable Object others) {
    if (joined == null) {
      return inserting || others == null ? own : null;
    }
    byte[] bytes = ((ByteString) joined).getBytes();
    if (bytes.length != width) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "column %s: %d bytes given, expected %d"
              .formatted(Snapshot.FINGERPRINT, bytes.length, width));
    }
    byte[] slice = Arrays.copyOfRange(bytes, from, to);
    if (inserting && own != null && !Arrays.equals(((ByteString) own).getBytes(), slice)) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "column %s and its part given beside it are not equal: give one of the two"
              .formatted(Snapshot.FINGERPRINT));
    }
    return slice;
  }
}
