package org.bindsql.lance;

import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.Dataset;

/** A dataset's columns, with the type of the values where they are dictionary-encoded. */
final class StoredSchema {
  private StoredSchema() {}

  static Schema of(Dataset dataset) {
    return dataset.getSchema();
  }
}
