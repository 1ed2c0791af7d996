package org.bindsql.engine.catalog;

import static org.bindsql.engine.catalog.CatalogTable.Column.nullableNumber;
import static org.bindsql.engine.catalog.CatalogTable.Column.nullableText;
import static org.bindsql.engine.catalog.CatalogTable.Column.number;
import static org.bindsql.engine.catalog.CatalogTable.Column.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.jdbc.JavaTypeFactoryImpl;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.schema.Schema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.impl.AbstractSchema;
import org.apache.calcite.schema.lookup.LikePattern;
import org.bindsql.engine.dialect.BindTypeSystem;
import org.bindsql.error.BindSqlException;
import org.bindsql.lance.definition.TableDetails;
import org.bindsql.lance.view.LanceView;
import org.jspecify.annotations.Nullable;

/**
 * The schema {@code information_schema}: the catalog as tables, with the columns of the SQL
 * standard that have a value here.
 */
public final class InformationSchema extends AbstractSchema {
  private static final String NAME = "information_schema";

  private final Map<String, Table> tables =
      Map.of(
          "schemata",
          new CatalogTable(
              List.of(nullableText("catalog_name"), text("schema_name")),
              InformationSchema::schemata),
          "tables",
          new CatalogTable(
              List.of(
                  nullableText("table_catalog"),
                  text("table_schema"),
                  text("table_name"),
                  text("table_type")),
              InformationSchema::tables),
          "columns",
          new CatalogTable(
              List.of(
                  nullableText("table_catalog"),
                  text("table_schema"),
                  text("table_name"),
                  text("column_name"),
                  number("ordinal_position"),
                  text("is_nullable"),
                  text("data_type"),
                  nullableNumber("character_maximum_length"),
                  nullableNumber("numeric_precision"),
                  nullableNumber("numeric_scale"),
                  nullableText("column_key"),
                  nullableText("column_comment")),
              InformationSchema::columns),
          "views",
          new CatalogTable(
              List.of(
                  nullableText("table_catalog"),
                  text("table_schema"),
                  text("table_name"),
                  nullableText("view_definition")),
              InformationSchema::views),
          "table_comments",
          new CatalogTable(
              List.of(text("table_schema"), text("table_name"), text("comment")),
              InformationSchema::comments),
          "table_constraints",
          ConstraintViews.tableConstraints(),
          "key_column_usage",
          ConstraintViews.keyColumns(),
          "indexes",
          IndexViews.standard(),
          "functions",
          new CatalogTable(
              List.of(text("function_name"), text("function_type"), text("signature")),
              root -> FunctionList.rows()));

  @Override
  protected Map<String, Table> getTableMap() {
    return tables;
  }

  private static List<String> schemaNames(SchemaPlus root) {
    return List.copyOf(new TreeSet<>(root.subSchemas().getNames(LikePattern.any())));
  }

  private static List<@Nullable Object[]> schemata(SchemaPlus root) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (String name : schemaNames(root)) {
      rows.add(new @Nullable Object[] {null, name});
    }
    return rows;
  }

  /** Work on each table. */
  interface TableVisitor {
    void table(String schema, String name, Table table);
  }

  /** Visits all tables of all schemas, in the order of their names. */
  static void visit(SchemaPlus root, TableVisitor visitor) {
    for (String schema : schemaNames(root)) {
      SchemaPlus entry = root.subSchemas().get(schema);
      if (entry == null) {
        continue;
      }
      for (String name : new TreeSet<>(entry.tables().getNames(LikePattern.any()))) {
        Table table = entry.tables().get(name);
        if (table != null) {
          visitor.table(schema, name, table);
        }
      }
    }
  }

  private static List<@Nullable Object[]> tables(SchemaPlus root) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    visit(
        root,
        (schema, name, table) ->
            rows.add(new @Nullable Object[] {null, schema, name, type(schema, table)}));
    return rows;
  }

  private static List<@Nullable Object[]> views(SchemaPlus root) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    visit(
        root,
        (schema, name, table) -> {
          if (table instanceof LanceView view) {
            rows.add(new @Nullable Object[] {null, schema, name, query(view)});
          }
        });
    return rows;
  }

  private static @Nullable String query(LanceView view) {
    try {
      return view.definition().query();
    } catch (BindSqlException damaged) {
      return null;
    }
  }

  private static List<@Nullable Object[]> comments(SchemaPlus root) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    visit(
        root,
        (schema, name, table) -> {
          TableDetails details = ConstraintViews.details(table);
          if (details != null && details.comment() != null) {
            rows.add(new @Nullable Object[] {schema, name, details.comment()});
          }
        });
    return rows;
  }

  private static String type(String schema, Table table) {
    Schema.TableType type = table.getJdbcTableType();
    return schema.equals(NAME) || type == Schema.TableType.SYSTEM_TABLE
        ? "SYSTEM TABLE"
        : type == Schema.TableType.VIEW ? "VIEW" : "BASE TABLE";
  }

  private static List<@Nullable Object[]> columns(SchemaPlus root) {
    JavaTypeFactory types = new JavaTypeFactoryImpl(new BindTypeSystem());
    List<@Nullable Object[]> rows = new ArrayList<>();
    visit(
        root,
        (schema, name, table) -> {
          try {
            List<RelDataTypeField> fields = table.getRowType(types).getFieldList();
            TableDetails details = ConstraintViews.details(table);
            for (RelDataTypeField field : fields) {
              rows.add(column(schema, name, field, details));
            }
          } catch (BindSqlException damaged) {
            // A table that cannot be opened has no known columns; the others are still listed.
            return;
          }
        });
    return rows;
  }

  private static @Nullable Object[] column(
      String schema, String table, RelDataTypeField field, @Nullable TableDetails details) {
    RelDataType type = field.getType();
    boolean sized = SqlTypes.isSized(type);
    boolean exact = SqlTypes.isExact(type);
    return new @Nullable Object[] {
      null,
      schema,
      table,
      field.getName(),
      field.getIndex() + 1,
      type.isNullable() ? "YES" : "NO",
      SqlTypes.name(type),
      sized && type.getPrecision() > 0 ? (Integer) type.getPrecision() : null,
      exact ? (Integer) type.getPrecision() : null,
      exact ? (Integer) Math.max(0, type.getScale()) : null,
      details == null || !details.primaryKey().contains(field.getName())
          ? null
          : details.enforced() ? "PRIMARY KEY ENFORCED" : "PRIMARY KEY",
      details == null ? null : details.comment(field.getName())
    };
  }
}
