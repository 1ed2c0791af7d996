package org.bindsql.lance;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.bindsql.type.CellReader;
import org.bindsql.type.CellWriter;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;
import org.jspecify.annotations.Nullable;

/**
 * A column that is stored as positions in a dictionary, with a dictionary of each batch's own.
 *
 * @param column position among SQL's columns
 * @param dictionary identifier of the dictionary
 */
record DictionaryFill(int column, long dictionary) implements ColumnFill {
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
  }
}
