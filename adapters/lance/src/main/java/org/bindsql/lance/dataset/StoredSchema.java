package org.bindsql.lance.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.dictionary.Dictionary;
import org.apache.arrow.vector.ipc.ArrowReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.DictionaryEncoding;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.Dataset;
import org.lance.ipc.LanceScanner;
import org.lance.ipc.ScanOptions;

/** A dataset's columns, with the type of the values where they are dictionary-encoded. */
final class StoredSchema {
  private StoredSchema() {}

  /**
   * The columns by their values' types. {@link Dataset#getSchema} has an encoded column's index
   * type and no sign of the encoding; only a scan's schema tells the two apart.
   */
  static List<Field> values(Dataset dataset, Schema stored) throws Exception {
    if (stored.getFields().stream().noneMatch(f -> f.getType() instanceof ArrowType.Int)) {
      return stored.getFields();
    }
    ScanOptions nothing = new ScanOptions.Builder().limit(0).build();
    try (LanceScanner scanner = LanceScanner.create(dataset, nothing, dataset.allocator());
        ArrowReader reader = scanner.scanBatches()) {
      List<Field> fields = new ArrayList<>();
      for (Field field : stored.getFields()) {
        fields.add(values(field, reader));
      }
      return fields;
    }
  }

  private static Field values(Field field, ArrowReader reader) throws IOException {
    DictionaryEncoding encoding =
        reader.getVectorSchemaRoot().getSchema().findField(field.getName()).getDictionary();
    if (encoding == null) {
      return field;
    }
    Dictionary dictionary = reader.getDictionaryVectors().get(encoding.getId());
    if (dictionary == null) {
      throw new IOException("column " + field.getName() + " has no dictionary");
    }
    Field values = dictionary.getVector().getField();
    return new Field(
        field.getName(),
        new FieldType(field.isNullable(), values.getType(), null),
        values.getChildren());
  }
}
