package org.bindsql.engine.catalog;

import static org.bindsql.engine.catalog.CatalogTable.Column.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.calcite.jdbc.CalciteSchema;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.lance.definition.TableDetails;
import org.bindsql.lance.view.LanceView;
import org.bindsql.lance.view.ViewDefinition;
import org.bindsql.parser.SqlShowCreate;
import org.jspecify.annotations.Nullable;

/** The statement that would make a table or a view as it is. */
public final class ShowCreate {
  /** The columns of the result. */
  public static final List<CatalogTable.Column> COLUMNS = List.of(text("statement"));

  private final BindContext context;

  /** Resolves names as a statement of the context does. */
  public ShowCreate(BindContext context) {
    this.context = context;
  }

  /** The statement that makes what {@code show} names, as one row. */
  public List<@Nullable Object[]> rows(SqlShowCreate show) {
    TableName name = TableName.resolve(show.name(), context);
    name.check();
    CalciteSchema.TableEntry entry = name.entry();
    String statement;
    if (entry != null && entry.getTable() instanceof LanceView view) {
      requireKind(show, true, name);
      statement = of(name.schema(), entry.name, view.definition());
    } else {
      LanceTable table = name.lanceTable("have a CREATE statement");
      requireKind(show, false, name);
      statement = of(name.schema(), table);
    }
    return List.<@Nullable Object[]>of(new @Nullable Object[] {statement});
  }

  private static void requireKind(SqlShowCreate show, boolean view, TableName name) {
    if (show.isView() != view) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "'%s.%s' is a %s".formatted(name.schema(), name.table(), view ? "view" : "table"));
    }
  }

  private static String of(String schema, String name, ViewDefinition view) {
    String columns =
        view.columns().getFields().stream()
            .map(field -> quote(field.getName()))
            .collect(Collectors.joining(", "));
    return "CREATE VIEW %s.%s (%s) AS\n%s"
        .formatted(quote(schema), quote(name), columns, view.query());
  }

  private static String of(String schema, LanceTable table) {
    TableDetails details = table.details();
    List<String> elements = new ArrayList<>();
    Map<String, String> options = new TreeMap<>(details.options());
    options.put("data_storage_version", details.storageVersion());
    if (details.stableRowIds()) {
      options.put("stable_row_ids", "true");
    }
    for (Field field : table.arrowSchema().getFields()) {
      Map<String, String> metadata = details.fields().get(field.getName());
      if (metadata == null) {
        continue; // part of another column
      }
      elements.add(column(field, metadata));
      metadata.forEach((key, value) -> {
        if (key.startsWith("lance-encoding:")) {
          options.put(
              field.getName() + ".lance." + key.substring("lance-encoding:".length()), value);
        }
      });
    }
    if (!details.primaryKey().isEmpty()) {
      elements.add(
          details.primaryKey().stream()
              .map(ShowCreate::quote)
              .collect(
                  Collectors.joining(
                      ", ", "PRIMARY KEY (", details.enforced() ? ") ENFORCED" : ")")));
    }
    String comment = details.comment();
    return "CREATE TABLE %s.%s (\n  %s)%s\nWITH (%s)"
        .formatted(
            quote(schema),
            quote(table.name()),
            String.join(",\n  ", elements),
            comment == null ? "" : "\nCOMMENT " + literal(comment),
            options.entrySet().stream()
                .map(option -> literal(option.getKey()) + " = " + literal(option.getValue()))
                .collect(Collectors.joining(", ")));
  }

  private static String column(Field field, Map<String, String> metadata) {
    String type = metadata.get(TableDefinition.SQL_TYPE);
    String comment = metadata.get(TableDefinition.COMMENT);
    return quote(field.getName())
        + " "
        + (type == null ? type(field) : type)
        + (field.isNullable() ? "" : " NOT NULL")
        + (comment == null ? "" : " COMMENT " + literal(comment));
  }

  /** A field's type as a column is written with it. */
  static String type(Field field) {
    return switch (field.getType()) {
      case ArrowType.Bool ignored -> "BOOLEAN";
      case ArrowType.Int type ->
          (type.getIsSigned() ? "" : "U")
              + switch (type.getBitWidth()) {
                case 8 -> "TINYINT";
                case 16 -> "SMALLINT";
                case 32 -> "INTEGER";
                default -> "BIGINT";
              };
      case ArrowType.FloatingPoint type ->
          switch (type.getPrecision()) {
            case HALF -> "HALF";
            case SINGLE -> "REAL";
            case DOUBLE -> "DOUBLE";
          };
      case ArrowType.Decimal type ->
          "DECIMAL(" + type.getPrecision() + ", " + type.getScale() + ")";
      case ArrowType.Utf8 ignored -> "VARCHAR";
      case ArrowType.LargeUtf8 ignored -> "VARCHAR";
      case ArrowType.Binary ignored -> "VARBINARY";
      case ArrowType.LargeBinary ignored -> "VARBINARY";
      case ArrowType.FixedSizeBinary type -> "BINARY(" + type.getByteWidth() + ")";
      case ArrowType.Date ignored -> "DATE";
      case ArrowType.Time type -> "TIME(" + 3 * type.getUnit().ordinal() + ")";
      case ArrowType.Timestamp type ->
          "TIMESTAMP("
              + 3 * type.getUnit().ordinal()
              + (type.getTimezone() == null ? ")" : ") WITH LOCAL TIME ZONE");
      case ArrowType.List ignored -> type(field.getChildren().getFirst()) + " ARRAY";
      case ArrowType.LargeList ignored -> type(field.getChildren().getFirst()) + " ARRAY";
      case ArrowType.FixedSizeList type ->
          type(field.getChildren().getFirst()) + " ARRAY(" + type.getListSize() + ")";
      case ArrowType.Struct ignored ->
          field.getChildren().stream()
              .map(f -> quote(f.getName()) + " " + type(f) + (f.isNullable() ? "" : " NOT NULL"))
              .collect(Collectors.joining(", ", "ROW(", ")"));
      case ArrowType.Map ignored -> {
        List<Field> entry = field.getChildren().getFirst().getChildren();
        yield "MAP<" + type(entry.get(0)) + ", " + type(entry.get(1)) + ">";
      }
      default ->
          throw new BindSqlException(
              ErrorCode.NOT_SUPPORTED,
              "column '"
                  + field.getName()
                  + "' has the Arrow type "
                  + field.getType()
                  + ", which no column of CREATE TABLE has");
    };
  }

  private static String quote(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
