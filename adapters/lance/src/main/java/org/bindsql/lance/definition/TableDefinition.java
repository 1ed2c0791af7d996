package org.bindsql.lance.definition;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * A table to be made.
 *
 * <p>What SQL knows of a column beyond its Arrow type is metadata of its field, under the names
 * below and Lance's own.
 *
 * @param schema the columns
 * @param options how it is stored
 * @param comment what COMMENT says, or null
 */
public record TableDefinition(Schema schema, TableOptions options, @Nullable String comment) {
  /** Field metadata: the comment on a column. */
  public static final String COMMENT = "comment";

  /** Field metadata: {@code true} on a column of the primary key. */
  public static final String PRIMARY_KEY = "lance-schema:unenforced-primary-key";

  /** Field metadata: place of a column in a key of several, from 1. */
  public static final String PRIMARY_KEY_POSITION = "lance-schema:unenforced-primary-key:position";

  /** Field metadata: {@value #ENFORCED} on the columns of a key that writes are checked against. */
  public static final String PRIMARY_KEY_MODE = "bindsql:primary-key";

  /** Value of {@link #PRIMARY_KEY_MODE}. */
  public static final String ENFORCED = "enforced";

  /** Field metadata: the type as the statement wrote it, where Arrow's says less. */
  public static final String SQL_TYPE = "bindsql:type";

  /** Key of a comment in the metadata of a table or column. */
  public static final String COMMENT_KEY = "bindsql.comment";

  /** The oldest version of the file format that has maps. */
  private static final String MAP_VERSION = "2.2";

  /** A table of which only the columns are said. */
  public static TableDefinition of(Schema schema) {
    return new TableDefinition(schema, TableOptions.NONE, null);
  }

  /** What is kept in the table beside its columns. */
  public Map<String, String> config() {
    Map<String, String> config = options.config();
    if (comment != null) {
      config.put(COMMENT_KEY, comment);
    }
    return config;
  }

  /** The same for a table that has other values; an empty text is no comment. */
  public Map<String, String> configOver(Map<String, String> before) {
    Map<String, String> config = new HashMap<>(options.configOver(before));
    if (comment != null || before.containsKey(COMMENT_KEY)) {
      config.put(COMMENT_KEY, comment == null ? "" : comment);
    }
    return config;
  }

  /**
   * The definition with a file format that holds its columns.
   *
   * @param existing format of the table that is replaced, or null
   * @throws BindSqlException NOT_SUPPORTED, naming the column, if the format that was asked for, or
   *     that of the table, does not hold them
   */
  public TableDefinition storable(@Nullable String existing) {
    String asked = options.storageVersion();
    if (existing != null && asked != null && !existing.equals(asked)) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "the table keeps data_storage_version %s when it is replaced; drop it to have %s"
              .formatted(existing, asked));
    }
    String version = existing == null ? asked : existing;
    if (version == null && hasMap(schema.getFields())) {
      version = MAP_VERSION;
    }
    if (version != null) {
      for (Field field : schema.getFields()) {
        requireStorable(field, version);
      }
      return new TableDefinition(schema, options.withStorageVersion(version), comment);
    }
    return this;
  }

  /** Fails if files of the version cannot hold the column. */
  public static void requireStorable(Field field, String version) {
    if (version.compareTo(MAP_VERSION) < 0 && hasMap(List.of(field))) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "column %s: MAP needs data_storage_version %s, this is %s"
              .formatted(field.getName(), MAP_VERSION, version));
    }
    if (version.equals("2.0") && hasNullableRow(field)) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "column %s: a ROW that may be NULL needs data_storage_version 2.1, this is 2.0"
              .formatted(field.getName()));
    }
  }

  private static boolean hasMap(List<Field> fields) {
    return fields.stream()
        .anyMatch(f -> f.getType() instanceof ArrowType.Map || hasMap(f.getChildren()));
  }

  private static boolean hasNullableRow(Field field) {
    return field.getType() instanceof ArrowType.Struct && field.isNullable()
        || field.getChildren().stream().anyMatch(TableDefinition::hasNullableRow);
  }
}
