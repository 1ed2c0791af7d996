package org.bindsql.lance.write;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.bindsql.type.CellReader;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * A column that is stored as positions in a dictionary, with a dictionary of each batch's own.
 *
 * <p>Lance puts the dictionaries of a data file one after the other when it reads the file, and
 * does not notice when the positions no longer fit their type; so a file ends before that.
 */
final class DictionaryFill implements ColumnFill {
  private final int column;
  private final long dictionary;
  private final long greatestSize;
  private long used;

  /**
   * Creates a fill.
   *
   * @param column position among SQL's columns
   * @param dictionary identifier of the dictionary
   * @param index type of the positions
   */
  DictionaryFill(int column, long dictionary, ArrowType.Int index) {
    this.column = column;
    this.dictionary = dictionary;
    this.greatestSize = 1L << Math.min(31, index.getBitWidth() - (index.getIsSigned() ? 1 : 0));
  }

  @Override
  public void beginFile() {
    used = 0;
  }

  @Override
  public void fill(
      Batch batch, Selection rows, FieldVector target, Map<Long, Dictionary> dictionaries) {
    FieldVector source = batch.column(column);
    ColumnFill.checkNotNull(source, rows, target.getField());
    FieldVector values = Objects.requireNonNull(dictionaries.get(dictionary)).getVector();
    values.clear();
    values.allocateNew();
    CellReader reader = CellReader.of(source);
    CellWriter dictionaryWriter = CellWriter.of(values);
    CellWriter writer = CellWriter.of(target);
    Map<Object, Integer> positions = new HashMap<>();
    for (int i = 0; i < rows.count(); i++) {
      @Nullable Object value = reader.get(rows.position(i));
      if (value == null) {
        writer.set(i, null);
        continue;
      }
      Integer position = positions.get(value);
      if (position == null) {
        position = positions.size();
        dictionaryWriter.set(position, value);
        positions.put(value, position);
      }
      writer.set(i, position);
    }
    values.setValueCount(positions.size());
    used += positions.size();
  }

  @Override
  public int fitting(Batch batch, Selection rows) {
    if (greatestSize > Integer.MAX_VALUE / 2) {
      return rows.count();
    }
    CellReader reader = CellReader.of(batch.column(column));
    Set<Object> different = new HashSet<>();
    for (int i = 0; i < rows.count(); i++) {
      @Nullable Object value = reader.get(rows.position(i));
      if (value != null && different.add(value) && used + different.size() > greatestSize) {
        return i;
      }
    }
    return rows.count();
  }
}
