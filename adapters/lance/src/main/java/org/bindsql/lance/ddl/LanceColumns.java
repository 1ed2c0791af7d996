package org.bindsql.lance.ddl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.Head;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.lance.jni.PlanningThread;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;
import org.lance.CommitBuilder;
import org.lance.Dataset;
import org.lance.Fragment;
import org.lance.FragmentMetadata;
import org.lance.Transaction;
import org.lance.operation.Merge;
import org.lance.operation.Operation;
import org.lance.operation.UpdateConfig;
import org.lance.operation.UpdateMap;
import org.lance.schema.ColumnAlteration;
import org.lance.schema.LanceField;

/**
 * Changes of a table's columns and comments, and its truncation; each is one commit.
 *
 * <p>A change that would lose a race with another writer starts over with the newest version; what
 * a writer has under way then fails with SERIALIZATION_FAILURE if it does not fit the new columns.
 */
public final class LanceColumns {
  /** Field metadata: the number under which data files know a column. */
  private static final String FIELD_ID = "lance:field_id";

  /** What data files call the values of a column that is not there yet. */
  private static final String TEMPORARY = "_bindsql_new";

  private LanceColumns() {}

  /**
   * Adds a column that is NULL in every row; no data file is written.
   *
   * @throws BindSqlException NULL_NOT_ALLOWED if the column is NOT NULL and the table has rows;
   *     NOT_SUPPORTED if the table's file format does not hold the type
   */
  public static void add(LanceTable table, Field field) {
    String doing = "ADD COLUMN of table " + table.name();
    Head.change(
        table,
        doing,
        dataset -> {
          TableDefinition.requireStorable(field, dataset.getLanceFileFormatVersion());
          if (isNullable(field)) {
            dataset.addColumns(List.of(field));
            return 0;
          }
          if (!field.isNullable() && dataset.countRows() > 0) {
            throw new BindSqlException(
                ErrorCode.NULL_NOT_ALLOWED,
                doing
                    + ": column '"
                    + field.getName()
                    + "' is NOT NULL, and the table has rows; say what they hold with AS");
          }
          List<Field> fields = fields(dataset);
          fields.add(field);
          merge(table, dataset, metadata(dataset), fields);
          return 0;
        });
  }

  /**
   * Adds a column with its values.
   *
   * @param rows opens the address of every row of the newest version, in its order, and its value;
   *     called again if another writer was faster
   */
  public static void add(LanceTable table, Field field, Supplier<BatchReader> rows) {
    String doing = "ADD COLUMN of table " + table.name();
    change(
        table,
        doing,
        dataset -> {
          TableDefinition.requireStorable(field, dataset.getLanceFileFormatVersion());
          List<Field> fields = fields(dataset);
          fields.add(field);
          try (BatchReader values = rows.get()) {
            ColumnFiles files =
                new ColumnFiles(dataset, field, values, table.session().allocator());
            merge(table, dataset, files.write(), fields);
          }
          return 0;
        });
  }

  /**
   * Gives a column another type, and removes the indexes on it.
   *
   * <p>Lance takes no column of a name that the version before has in another type. So the old
   * column first gets a name that differs in the case of one letter, which SQL does not tell apart;
   * the commit after it brings the new column and removes the old. A crash between the two leaves
   * that name, and nothing else.
   *
   * @param field the column as it will be
   * @param rows as of {@link #add(LanceTable, Field, Supplier)}
   * @throws BindSqlException NOT_SUPPORTED if the name has no letter
   */
  public static void setType(LanceTable table, Field field, Supplier<BatchReader> rows) {
    String doing = "ALTER COLUMN of table " + table.name();
    String name = field.getName();
    String other = otherCase(name);
    change(
        table,
        doing,
        dataset -> {
          TableDefinition.requireStorable(field, dataset.getLanceFileFormatVersion());
          List<FragmentMetadata> fragments;
          try (BatchReader values = rows.get()) {
            Field temporary = new Field(TEMPORARY, field.getFieldType(), field.getChildren());
            fragments =
                new ColumnFiles(dataset, temporary, values, table.session().allocator()).write();
          }
          long before = dataset.version();
          rename(dataset, name, other);
          try {
            if (dataset.version() != before + 1) {
              throw new BindSqlException(
                  ErrorCode.SERIALIZATION_FAILURE, doing + ": the table was changed meanwhile");
            }
            List<Field> fields = fields(dataset);
            fields.set(find(fields, other), field);
            merge(table, dataset, fragments, fields);
          } catch (Exception e) { // lance-core throws IOException undeclared
            rename(dataset, other, name);
            throw e;
          }
          return 0;
        });
  }

  /** As {@link Head#change}, but what the rows fail with comes out as it is. */
  private static void change(LanceTable table, String doing, Head.Work<Integer> work) {
    try {
      Head.change(table, doing, work);
    } catch (BindSqlException e) {
      throw e.getCause() instanceof ColumnFiles.SourceException source ? source.failure() : e;
    }
  }

  private static void rename(Dataset dataset, String column, String name) {
    dataset.alterColumns(List.of(new ColumnAlteration.Builder(column).rename(name).build()));
  }

  /** The name with its last letter in the other case. */
  private static String otherCase(String name) {
    for (int i = name.length() - 1; i >= 0; i--) {
      char letter = name.charAt(i);
      char other =
          Character.isUpperCase(letter)
              ? Character.toLowerCase(letter)
              : Character.toUpperCase(letter);
      if (other != letter) {
        return name.substring(0, i) + other + name.substring(i + 1);
      }
    }
    throw new BindSqlException(
        ErrorCode.NOT_SUPPORTED,
        "column '" + name + "' has no letter in its name; RENAME it, then change its type");
  }

  /** Removes a column and the indexes on it; no data file is written. */
  public static void drop(LanceTable table, String column) {
    Head.change(
        table,
        "DROP COLUMN of table " + table.name(),
        dataset -> {
          dataset.dropColumns(List.of(column));
          return 0;
        });
  }

  /** Gives a column another name; no data file is written. */
  public static void rename(LanceTable table, String column, String name) {
    Head.change(
        table,
        "RENAME COLUMN of table " + table.name(),
        dataset -> {
          rename(dataset, column, name);
          return 0;
        });
  }

  /**
   * Allows NULL in a column, or forbids it.
   *
   * @throws BindSqlException NULL_NOT_ALLOWED if there is one already
   */
  public static void setNullable(LanceTable table, String column, boolean nullable) {
    String doing = "ALTER COLUMN of table " + table.name();
    Head.change(
        table,
        doing,
        dataset -> {
          List<Field> fields = fields(dataset);
          int at = find(fields, column);
          Field field = fields.get(at);
          if (!nullable && hasNulls(dataset, at, table)) {
            throw new BindSqlException(
                ErrorCode.NULL_NOT_ALLOWED, doing + ": column '" + column + "' holds NULL");
          }
          fields.set(
              at,
              new Field(
                  field.getName(),
                  new FieldType(
                      nullable, field.getType(), field.getDictionary(), field.getMetadata()),
                  field.getChildren()));
          merge(table, dataset, metadata(dataset), fields);
          return 0;
        });
  }

  /** Whether a field and all below it may be NULL; Lance adds no others by itself. */
  private static boolean isNullable(Field field) {
    return field.isNullable() && field.getChildren().stream().allMatch(LanceColumns::isNullable);
  }

  /** Whether a column holds NULL in the version that a dataset is open at. */
  private static boolean hasNulls(Dataset dataset, int column, LanceTable table) throws Exception {
    String name = dataset.getSchema().getFields().get(column).getName();
    return PlanningThread.call(
        "table " + table.name(), () -> dataset.countRows("`" + name + "` IS NULL") > 0);
  }

  /**
   * Sets the comment on the table, or on a column.
   *
   * @param column null for the table
   * @param text null for no comment
   */
  public static void comment(LanceTable table, @Nullable String column, @Nullable String text) {
    Head.change(
        table,
        "COMMENT on table " + table.name(),
        dataset -> {
          Map<String, @Nullable String> change = new HashMap<>();
          change.put(column == null ? TableDefinition.COMMENT_KEY : TableDefinition.COMMENT, text);
          UpdateMap update = UpdateMap.builder().updates(change).replace(false).build();
          commit(
              table,
              dataset,
              column == null
                  ? UpdateConfig.builder().configUpdates(update).build()
                  : UpdateConfig.builder()
                      .fieldMetadataUpdates(Map.of(id(dataset, column), update))
                      .build());
          return 0;
        });
  }

  /** Removes all rows; older versions stay readable. Returns how many there were. */
  public static long truncate(LanceTable table) {
    return Head.change(
        table,
        "TRUNCATE of table " + table.name(),
        dataset -> {
          long rows = dataset.countRows();
          if (rows > 0) {
            dataset.truncateTable();
          }
          return rows;
        });
  }

  private static int find(List<Field> fields, String column) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).getName().equals(column)) {
        return i;
      }
    }
    throw noColumn(column);
  }

  private static int id(Dataset dataset, String column) {
    for (LanceField field : dataset.getLanceSchema().fields()) {
      if (field.getName().equals(column)) {
        return field.getId();
      }
    }
    throw noColumn(column);
  }

  private static BindSqlException noColumn(String column) {
    return new BindSqlException(ErrorCode.NO_SUCH_COLUMN, "no column '" + column + "'");
  }

  /** The columns with the numbers under which data files know them. */
  private static List<Field> fields(Dataset dataset) {
    List<Field> fields = new ArrayList<>();
    dataset.getLanceSchema().fields().forEach(field -> fields.add(numbered(field)));
    return fields;
  }

  private static Field numbered(LanceField field) {
    if (field.getDictionaryEncoding().isPresent()) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "the table has the dictionary-encoded column '" + field.getName() + "'");
    }
    Map<String, String> metadata = new HashMap<>(field.getMetadata());
    metadata.put(FIELD_ID, String.valueOf(field.getId()));
    return new Field(
        field.getName(),
        new FieldType(field.isNullable(), field.getType(), null, metadata),
        // A list of fixed size has elements, but no field of its own for them.
        field.getChildren().isEmpty()
            ? field.asArrowField().getChildren()
            : field.getChildren().stream().map(LanceColumns::numbered).toList());
  }

  private static List<FragmentMetadata> metadata(Dataset dataset) {
    return dataset.getFragments().stream().map(Fragment::metadata).toList();
  }

  /** Commits columns over fragments; fails if any other writer's commit came between. */
  private static void merge(
      LanceTable table, Dataset dataset, List<FragmentMetadata> fragments, List<Field> fields) {
    Schema schema = new Schema(fields, dataset.getLanceSchema().metadata());
    commit(table, dataset, Merge.builder().fragments(fragments).schema(schema).build());
  }

  private static void commit(LanceTable table, Dataset dataset, Operation operation) {
    try (Transaction transaction =
        new Transaction.Builder().readVersion(dataset.version()).operation(operation).build()) {
      new CommitBuilder(dataset)
          .skipAutoCleanup(true)
          .writeParams(table.location().storageOptions())
          .execute(transaction)
          .close();
    }
  }
}
