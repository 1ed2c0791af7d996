package org.bindsql.lance;

import org.apache.arrow.vector.types.pojo.Schema;
import org.lance.Dataset;

/**
 * What is known of one version of a table.
 *
 * @param manifest the version
 * @param stored columns as Lance names and returns them
 * @param schema columns as SQL sees them, dictionaries replaced by their values' type
 * @param rows number of live rows
 */
record Snapshot(Manifest manifest, Schema stored, Schema schema, long rows) {
  static Snapshot of(Manifest manifest, Dataset dataset) {
    Schema stored = dataset.getSchema();
    return new Snapshot(manifest, stored, stored, dataset.countRows());
  }
}
