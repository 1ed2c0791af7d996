package org.bindsql.lance.definition;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lance.Dataset;
import org.lance.schema.LanceField;

/**
 * What a table's newest version says beyond the Arrow types of its columns.
 *
 * @param fields metadata of each column by its name
 * @param primaryKey columns of the primary key in its order; empty if there is none
 * @param enforced whether writes are checked against the primary key
 * @param comment the comment on the table, or null
 * @param storageVersion version of the file format
 * @param stableRowIds whether a row keeps its row id
 * @param options the options that later writes follow, by the names that SQL writes
 */
public record TableDetails(
    Map<String, Map<String, String>> fields,
    List<String> primaryKey,
    boolean enforced,
    @Nullable String comment,
    String storageVersion,
    boolean stableRowIds,
    Map<String, String> options) {

  /** Reads the details of an open version. */
  public static TableDetails of(Dataset dataset) {
    Map<String, Map<String, String>> fields = new HashMap<>();
    List<LanceField> key = new ArrayList<>();
    for (LanceField field : dataset.getLanceSchema().fields()) {
      fields.put(field.getName(), field.getMetadata());
      if (field.isUnenforcedPrimaryKey()) {
        key.add(field);
      }
    }
    key.sort(Comparator.comparingInt(field -> field.getUnenforcedPrimaryKeyPosition().orElse(0)));
    Map<String, String> config = dataset.getConfig();
    Map<String, String> options = new HashMap<>();
    for (String name : TableOptions.NAMES) {
      String value = config.get("bindsql." + name);
      if (value != null) {
        options.put(name, value);
      }
    }
    String comment = config.get(TableDefinition.COMMENT_KEY);
    return new TableDetails(
        fields,
        key.stream().map(LanceField::getName).toList(),
        !key.isEmpty()
            && key.stream()
                .allMatch(field ->
                    TableDefinition.ENFORCED.equals(
                        field.getMetadata().get(TableDefinition.PRIMARY_KEY_MODE))),
        comment == null || comment.isEmpty() ? null : comment,
        dataset.getLanceFileFormatVersion(),
        dataset.hasStableRowIds(),
        options);
  }

  /** A column's metadata of the given key, or null. */
  public @Nullable String metadata(String column, String key) {
    return fields.getOrDefault(column, Map.of()).get(key);
  }

  /** The comment on a column, or null. */
  public @Nullable String comment(String column) {
    return metadata(column, TableDefinition.COMMENT);
  }
}
