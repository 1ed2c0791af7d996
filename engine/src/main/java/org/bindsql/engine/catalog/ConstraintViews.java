package org.bindsql.engine.catalog;

import static org.bindsql.engine.catalog.CatalogTable.Column.nullableText;
import static org.bindsql.engine.catalog.CatalogTable.Column.number;
import static org.bindsql.engine.catalog.CatalogTable.Column.text;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.schema.Table;
import org.bindsql.error.BindSqlException;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.definition.TableDetails;
import org.jspecify.annotations.Nullable;

/** The primary keys of Lance tables as tables of {@code information_schema}. */
final class ConstraintViews {
  private static final String NAME = "PRIMARY";

  private ConstraintViews() {}

  /** A row for each primary key; {@code enforced} says whether writes are checked against it. */
  static Table tableConstraints() {
    return new CatalogTable(
        List.of(
            nullableText("constraint_catalog"),
            text("constraint_schema"),
            text("constraint_name"),
            text("table_schema"),
            text("table_name"),
            text("constraint_type"),
            text("enforced")),
        root -> {
          List<@Nullable Object[]> rows = new ArrayList<>();
          InformationSchema.visit(
              root,
              (schema, name, table) -> {
                TableDetails details = details(table);
                if (details != null && !details.primaryKey().isEmpty()) {
                  rows.add(
                      new @Nullable Object[] {
                        null,
                        schema,
                        NAME,
                        schema,
                        name,
                        "PRIMARY KEY",
                        details.enforced() ? "YES" : "NO"
                      });
                }
              });
          return rows;
        });
  }

  /** A row for each column of a primary key. */
  static Table keyColumns() {
    return new CatalogTable(
        List.of(
            nullableText("constraint_catalog"),
            text("constraint_schema"),
            text("constraint_name"),
            text("table_schema"),
            text("table_name"),
            text("column_name"),
            number("ordinal_position")),
        root -> {
          List<@Nullable Object[]> rows = new ArrayList<>();
          InformationSchema.visit(
              root,
              (schema, name, table) -> {
                TableDetails details = details(table);
                List<String> key = details == null ? List.of() : details.primaryKey();
                for (int i = 0; i < key.size(); i++) {
                  rows.add(
                      new @Nullable Object[] {null, schema, NAME, schema, name, key.get(i), i + 1});
                }
              });
          return rows;
        });
  }

  /** What a table says beyond its types; null if it is no Lance table, or is damaged. */
  static @Nullable TableDetails details(Table table) {
    if (!(table instanceof LanceTable lance)) {
      return null;
    }
    try {
      return lance.details();
    } catch (BindSqlException damaged) {
      return null;
    }
  }
}
