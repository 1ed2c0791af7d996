package org.bindsql.engine.catalog;

import java.util.List;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.sql.SqlIdentifier;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceTable;
import org.jspecify.annotations.Nullable;

/**
 * A table's name with its schema, resolved as a query would.
 *
 * @param schema the schema as it is written in the catalog
 * @param table the table as the statement writes it
 * @param owner the schema's entry in the catalog
 */
public record TableName(String schema, String table, CalciteSchema owner) {
  /** The schema of names that have none, where no other is set. */
  public static final String DEFAULT_SCHEMA = "main";

  /** Resolves {@code table} or {@code schema.table}; the schema must exist, the table need not. */
  public static TableName resolve(SqlIdentifier name, CalcitePrepare.Context context) {
    List<String> names = name.names;
    if (names.size() > 2) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_SCHEMA,
          "no schema '" + String.join(".", names.subList(0, names.size() - 1)) + "'");
    }
    List<String> path = names.size() == 2 ? names.subList(0, 1) : context.getDefaultSchemaPath();
    String schema = path.isEmpty() ? DEFAULT_SCHEMA : path.getLast();
    CalciteSchema owner = context.getRootSchema().getSubSchema(schema, false);
    if (owner == null) {
      throw new BindSqlException(ErrorCode.NO_SUCH_SCHEMA, "no schema '" + schema + "'");
    }
    return new TableName(owner.getName(), names.getLast(), owner);
  }

  /** The table's entry in the catalog, or null if there is none. */
  public CalciteSchema.@Nullable TableEntry entry() {
    return owner.getTable(table, false);
  }

  /** Fails if the table does not exist. */
  public void check() {
    if (entry() == null) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_TABLE, "no table '" + schema + "." + table + "'");
    }
  }

  /**
   * The Lance table of this name; fails if there is no table or another kind of table.
   *
   * @param what what only Lance tables do, for the message: {@code "have indexes"}
   */
  public LanceTable lanceTable(String what) {
    check();
    CalciteSchema.TableEntry entry = entry();
    if (entry != null && entry.getTable() instanceof LanceTable table) {
      return table;
    }
    throw new BindSqlException(
        ErrorCode.NOT_ALLOWED,
        "'" + schema + "." + table + "' is no Lance table; only those " + what);
  }
}
