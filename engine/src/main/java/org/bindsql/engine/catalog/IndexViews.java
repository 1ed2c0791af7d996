package org.bindsql.engine.catalog;

import static org.bindsql.engine.catalog.CatalogTable.Column.count;
import static org.bindsql.engine.catalog.CatalogTable.Column.nullableText;
import static org.bindsql.engine.catalog.CatalogTable.Column.number;
import static org.bindsql.engine.catalog.CatalogTable.Column.text;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.schema.Table;
import org.apache.calcite.schema.lookup.LikePattern;
import org.bindsql.error.BindSqlException;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.index.LanceIndex;
import org.bindsql.lance.index.LanceIndexes;
import org.jspecify.annotations.Nullable;

/**
 * The indexes of the catalog as rows: {@code system.indexes}, {@code information_schema.indexes}.
 */
public final class IndexViews {
  /** Columns of {@code system.indexes} and SHOW INDEXES. */
  public static final List<CatalogTable.Column> COLUMNS =
      List.of(
          text("table_schema"),
          text("table_name"),
          text("index_name"),
          text("columns"),
          text("index_type"),
          count("rows_indexed"),
          count("rows_unindexed"),
          count("segments"),
          nullableText("details"));

  private static final List<CatalogTable.Column> STANDARD_COLUMNS =
      List.of(
          nullableText("table_catalog"),
          text("table_schema"),
          text("table_name"),
          text("index_name"),
          text("column_name"),
          number("ordinal_position"),
          text("index_type"));

  private IndexViews() {}

  /** The table {@code system.indexes}. */
  public static CatalogTable system() {
    return new CatalogTable(COLUMNS, IndexViews::rows);
  }

  /** The table {@code information_schema.indexes}: a row for each indexed column. */
  static CatalogTable standard() {
    return new CatalogTable(
        STANDARD_COLUMNS,
        root -> {
          List<@Nullable Object[]> rows = new ArrayList<>();
          visit(
              root,
              (schema, name, index) -> {
                for (int i = 0; i < index.columns().size(); i++) {
                  rows.add(
                      new @Nullable Object[] {
                        null,
                        schema,
                        name,
                        index.name(),
                        index.columns().get(i),
                        i + 1,
                        index.type()
                      });
                }
              });
          return rows;
        });
  }

  /** The indexes of all tables. */
  public static List<@Nullable Object[]> rows(SchemaPlus root) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    visit(root, (schema, name, index) -> rows.add(row(schema, name, index)));
    return rows;
  }

  /** The indexes of a table; none if it can have none. */
  public static List<@Nullable Object[]> rows(String schema, String name, Table table) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    if (table instanceof LanceTable lance) {
      for (LanceIndex index : LanceIndexes.list(lance)) {
        rows.add(row(schema, name, index));
      }
    }
    return rows;
  }

  private static @Nullable Object[] row(String schema, String name, LanceIndex index) {
    return new @Nullable Object[] {
      schema,
      name,
      index.name(),
      String.join(", ", index.columns()),
      index.type(),
      index.rowsIndexed(),
      index.rowsUnindexed(),
      (long) index.segments(),
      index.details()
    };
  }

  private interface Visitor {
    void index(String schema, String table, LanceIndex index);
  }

  private static void visit(SchemaPlus root, Visitor visitor) {
    for (String schema : new TreeSet<>(root.subSchemas().getNames(LikePattern.any()))) {
      SchemaPlus entry = root.subSchemas().get(schema);
      if (entry == null) {
        continue;
      }
      for (String name : new TreeSet<>(entry.tables().getNames(LikePattern.any()))) {
        if (entry.tables().get(name) instanceof LanceTable table) {
          try {
            LanceIndexes.list(table).forEach(index -> visitor.index(schema, name, index));
          } catch (BindSqlException damaged) {
            // A table that cannot be opened has no known indexes; the others are still listed.
            continue;
          }
        }
      }
    }
  }
}
