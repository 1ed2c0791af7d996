package org.bindsql.lance.write;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.dataset.Projection;
import org.bindsql.lance.dataset.Snapshot;
import org.bindsql.vector.Batch;
import org.bindsql.vector.Selection;

/**
 * The way from SQL's columns to a dataset's: the inverse of {@link Projection}.
 *
 * <p>Values go in the type that is stored, with checks of NULL, range and length.
 */
final class StoredColumns {
  /** The file format that does not say whether a row is NULL, only what its fields are. */
  private static final String WITHOUT_NULL_ROWS = "2.0";

  private final Schema schema;
  private final boolean keepsNullRows;
  private final List<ColumnFill> fills = new ArrayList<>();

  /**
   * Creates the way of a version whose columns SQL sees as the snapshot says.
   *
   * @param format version of the file format
   * @param inserting whether all rows are new
   */
  StoredColumns(Snapshot snapshot, String format, boolean inserting) {
    this.keepsNullRows = !format.equals(WITHOUT_NULL_ROWS);
    List<Field> fields = new ArrayList<>();
    for (int i = 0; i < snapshot.stored().getFields().size(); i++) {
      Field stored = snapshot.stored().getFields().get(i);
      int column = snapshot.column(i);
      Field values = snapshot.schema().getFields().get(column);
      if (snapshot.whole(i) >= 0) {
        fields.add(stored);
        fills.add(PairFill.of(snapshot, i, inserting));
      } else if (values.getType().equals(stored.getType())) {
        fields.add(stored);
        fills.add(new ColumnFill.Direct(column));
      } else {
        ArrowType.Int index = (ArrowType.Int) stored.getType();
        fields.add(encoded(stored, values, new DictionaryEncoding(i, false, index)));
        fills.add(new DictionaryFill(column, i, index));
      }
    }
    this.schema = new Schema(fields);
  }

  private static Field encoded(Field stored, Field values, DictionaryEncoding encoding) {
    return new Field(
        stored.getName(),
        new FieldType(stored.isNullable(), values.getType(), encoding, stored.getMetadata()),
        values.getChildren());
  }

  /** The columns of a stream to a data file; encoded ones with the type of their values. */
  Schema schema() {
    return schema;
  }

  /** How many of the rows, from the first on, the data file can take; 0 if it must end. */
  int fitting(Batch batch, Selection rows) {
    int count = rows.count();
    for (ColumnFill fill : fills) {
      count = Math.min(count, fill.fitting(batch, rows));
    }
    return count;
  }

  /** Begins a data file. */
  void beginFile() {
    fills.forEach(ColumnFill::beginFile);
  }

  /**
   * Fills a stream's batch, its dictionaries included, with some rows of a batch of SQL's.
   *
   * @throws BindSqlException NOT_SUPPORTED if the file format would lose a NULL, and what {@link
   *     ColumnFill#fill} throws
   */
  void fill(
      Batch batch, Selection rows, VectorSchemaRoot root, Map<Long, Dictionary> dictionaries) {
    for (int i = 0; i < fills.size(); i++) {
      FieldVector target = root.getVector(i);
      target.setInitialCapacity(rows.count());
      target.allocateNew();
      fills.get(i).fill(batch, rows, target, dictionaries);
      target.setValueCount(rows.count());
      if (!keepsNullRows) {
        requireNoNullRow(target, target.getName());
      }
    }
    root.setRowCount(rows.count());
  }

  private static void requireNoNullRow(FieldVector vector, String column) {
    if (vector instanceof StructVector && vector.getNullCount() > 0) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "column %s: NULL in place of a ROW needs data_storage_version 2.1, the table has 2.0"
              .formatted(column));
    }
    if (vector.getField().getType().isComplex()) {
      vector.getChildrenFromFields().forEach(child -> requireNoNullRow(child, column));
    }
  }
}
