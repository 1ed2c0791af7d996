package org.bindsql.engine.ddl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.sql.SqlDataTypeSpec;
import org.apache.calcite.sql.SqlNode;
import org.bindsql.engine.dialect.Literals;
import org.bindsql.engine.dialect.SqlText;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.parser.SqlColumnDefinition;
import org.bindsql.parser.SqlTableConstraint;
import org.bindsql.parser.SqlTableDefinition;
import org.jspecify.annotations.Nullable;

/** The definition of a table that the elements and options of CREATE TABLE spell out. */
final class TableElements {
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private final List<SqlColumnDefinition> columns = new ArrayList<>();
  private @Nullable SqlTableConstraint key;

  private TableElements() {}

  /**
   * The table that a statement defines.
   *
   * @param query the columns of its query, in order; null if it has none
   * @throws BindSqlException BAD_ARGUMENT, NO_SUCH_COLUMN, TYPE_MISMATCH or NOT_SUPPORTED, each
   *     with the element's position
   */
  static TableDefinition definition(SqlTableDefinition create, @Nullable Schema query) {
    TableElements elements = new TableElements();
    for (SqlNode element : create.columnList == null ? List.<SqlNode>of() : create.columnList) {
      if (element instanceof SqlTableConstraint constraint) {
        elements.add(constraint);
      } else {
        elements.columns.add((SqlColumnDefinition) element);
      }
    }
    if (query == null) {
      elements.columns.forEach(column -> elements.add(field(column)));
    } else {
      elements.addColumns(query);
    }
    SqlTableConstraint key = elements.key;
    if (key != null) {
      if (key.enforced() && query != null) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            "PRIMARY KEY ENFORCED with AS; create the table, then INSERT the query"
                + SqlText.at(key.getParserPosition()));
      }
      elements.markKey(key);
    }
    OptionList options = new OptionList(create.options(), elements.fields);
    options.apply();
    if (elements.fields.isEmpty()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "a table needs at least one column" + SqlText.at(create.getParserPosition()));
    }
    SqlNode comment = create.comment();
    return new TableDefinition(
        new Schema(elements.fields.values()),
        options.table(),
        comment == null ? null : Literals.text(comment));
  }

  /** The field of a column that has a type. */
  static Field field(SqlColumnDefinition column) {
    SqlDataTypeSpec type = column.type();
    if (type == null) {
      throw new BindSqlException(
          ErrorCode.SYNTAX,
          "column '%s' has no type%s"
              .formatted(column.name().getSimple(), SqlText.at(column.name().getParserPosition())));
    }
    Map<String, String> metadata = metadata(column);
    if (ColumnTypes.hasLength(type)) {
      metadata.put(TableDefinition.SQL_TYPE, ColumnTypes.name(type));
    }
    return ColumnTypes.field(
        column.name().getSimple(), type, !Boolean.FALSE.equals(column.nullable()), metadata);
  }

  /** The metadata of a column's field that the definition says. */
  static Map<String, String> metadata(SqlColumnDefinition column) {
    SqlNode value = column.value();
    if (value != null) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "DEFAULT of column '%s' is not supported%s"
              .formatted(column.name().getSimple(), SqlText.at(value.getParserPosition())));
    }
    Map<String, String> metadata = new HashMap<>();
    SqlNode comment = column.comment();
    if (comment != null) {
      metadata.put(TableDefinition.COMMENT, Literals.text(comment));
    }
    return metadata;
  }

  private void add(SqlTableConstraint constraint) {
    String at = SqlText.at(constraint.getParserPosition());
    if (!constraint.kind().equals(SqlTableConstraint.PRIMARY_KEY)) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          constraint.kind() + " is not supported: no table checks it" + at);
    }
    if (key != null) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "two primary keys; a key of several columns is PRIMARY KEY (a, b)" + at);
    }
    key = constraint;
  }

  private void add(Field field) {
    ColumnNames.check(field.getName());
    if (fields.putIfAbsent(field.getName().toLowerCase(Locale.ROOT), field) != null) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "two columns are named '" + field.getName() + "'; give one an alias");
    }
  }

  /** The columns of the query, under the names that the statement gives them, if it does. */
  private void addColumns(Schema query) {
    List<Field> given = query.getFields();
    if (columns.isEmpty()) {
      given.forEach(this::add);
      return;
    }
    if (columns.size() != given.size()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT,
          "%d columns are named, but the query has %d".formatted(columns.size(), given.size()));
    }
    for (int i = 0; i < given.size(); i++) {
      SqlColumnDefinition column = columns.get(i);
      SqlDataTypeSpec type = column.type();
      if (type != null) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            "column '%s' has a type beside AS; write a CAST in the query%s"
                .formatted(column.name().getSimple(), SqlText.at(type.getParserPosition())));
      }
      Field field = given.get(i);
      Boolean nullable = column.nullable();
      add(
          new Field(
              column.name().getSimple(),
              new FieldType(
                  nullable == null ? field.isNullable() : nullable,
                  field.getType(),
                  null,
                  metadata(column)),
              field.getChildren()));
    }
  }

  private void markKey(SqlTableConstraint constraint) {
    List<String> names = constraint.columns();
    String at = SqlText.at(constraint.getParserPosition());
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).toLowerCase(Locale.ROOT);
      Field field = fields.get(name);
      if (field == null) {
        throw new BindSqlException(
            ErrorCode.NO_SUCH_COLUMN, "no column '" + names.get(i) + "' for the primary key" + at);
      }
      if (!seen.add(name)) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "column '" + names.get(i) + "' is twice in the primary key" + at);
      }
      if (!field.getChildren().isEmpty()) {
        throw new BindSqlException(
            ErrorCode.NOT_SUPPORTED,
            "column '" + names.get(i) + "' of the primary key is an ARRAY, a ROW or a MAP" + at);
      }
      Map<String, String> metadata = new HashMap<>(field.getMetadata());
      metadata.put(TableDefinition.PRIMARY_KEY, "true");
      if (names.size() > 1) {
        metadata.put(TableDefinition.PRIMARY_KEY_POSITION, String.valueOf(i + 1));
      }
      if (constraint.enforced()) {
        metadata.put(TableDefinition.PRIMARY_KEY_MODE, TableDefinition.ENFORCED);
      }
      fields.put(
          name,
          new Field(
              field.getName(), new FieldType(false, field.getType(), null, metadata), List.of()));
    }
  }
}
