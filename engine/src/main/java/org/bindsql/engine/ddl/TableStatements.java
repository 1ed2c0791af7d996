package org.bindsql.engine.ddl;

import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.DataContext;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.ddl.SqlDropTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.engine.QueryBatches;
import org.bindsql.engine.Session;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.engine.run.Cancellation;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.ddl.LanceTables;
import org.bindsql.lance.definition.TableDefinition;
import org.bindsql.lance.view.LanceView;
import org.bindsql.parser.SqlTableDefinition;
import org.bindsql.type.ConvertedBatches;
import org.bindsql.vector.BatchReader;
import org.jspecify.annotations.Nullable;

/** The work of CREATE TABLE and DROP TABLE, in schemas that are folders of Lance datasets. */
public final class TableStatements {
  private final Session session;
  private final BindContext context;

  /** Statements of a session; names are resolved as in the context. */
  public TableStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /**
   * Makes the table, from the query's rows if it has one; returns how many there are.
   *
   * @param query the prepared query of AS, or null
   */
  public long create(SqlTableDefinition create, @Nullable QueryBatches query, DataContext root) {
    session.beginWrite("CREATE TABLE");
    TableName name = TableName.resolve(create.name, context);
    LanceSchema schema = folder(name);
    CalciteSchema.TableEntry existing = name.entry();
    if (create.ifNotExists && create.getReplace()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "OR REPLACE and IF NOT EXISTS exclude one another");
    }
    if (existing != null && create.ifNotExists) {
      return 0;
    }
    if (existing != null && existing.getTable() instanceof LanceView) {
      throw new BindSqlException(
          ErrorCode.TABLE_EXISTS, "'" + name.schema() + "." + existing.name + "' is a view");
    }
    if (existing != null && !create.getReplace()) {
      throw new BindSqlException(
          ErrorCode.TABLE_EXISTS, "table '" + name.schema() + "." + existing.name + "' exists");
    }
    if (query != null) {
      checkTypes(query.rowType());
    }
    TableDefinition definition =
        TableElements.definition(create, query == null ? null : query.schema());
    try {
      return LanceTables.write(
          schema.location(),
          existing == null ? name.table() : existing.name,
          definition,
          query == null ? NoRows.INSTANCE : rows(query, definition.schema(), root),
          create.getReplace() ? LanceTables.Mode.REPLACE : LanceTables.Mode.CREATE,
          schema.session());
    } catch (BindSqlException e) {
      if (create.ifNotExists && e.code() == ErrorCode.TABLE_EXISTS) {
        return 0; // somebody else was faster
      }
      throw e;
    }
  }

  private BatchReader rows(QueryBatches query, Schema columns, DataContext root) {
    return new ConvertedBatches(query.open(root), columns, session.database().allocator());
  }

  /** Removes the table; the number of rows it had is not counted. */
  public long drop(SqlDropTable drop, DataContext root) {
    session.beginWrite("DROP TABLE");
    TableName name = TableName.resolve(drop.name, context);
    LanceSchema schema = folder(name);
    CalciteSchema.TableEntry existing = name.entry();
    if (existing != null && existing.getTable() instanceof LanceView) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "'" + name.schema() + "." + existing.name + "' is a view; DROP VIEW removes it");
    }
    boolean dropped =
        existing != null
            && LanceTables.drop(
                schema.location(), existing.name, schema.session(), () -> Cancellation.check(root));
    if (!dropped && !drop.ifExists) {
      name.check();
    }
    return 0;
  }

  /** The folder of a schema; fails if the schema is another kind. */
  static LanceSchema folder(TableName name) {
    if (name.owner().schema instanceof LanceSchema schema) {
      return schema;
    }
    throw new BindSqlException(
        ErrorCode.NOT_ALLOWED,
        "schema '"
            + name.schema()
            + "' has a fixed set of tables; create and drop tables in '"
            + TableName.DEFAULT_SCHEMA
            + "'");
  }

  private static void checkTypes(RelDataType rowType) {
    for (RelDataTypeField field : rowType.getFieldList()) {
      if (field.getType().getSqlTypeName() == SqlTypeName.NULL) {
        throw new BindSqlException(
            ErrorCode.TYPE_MISMATCH,
            "column '"
                + field.getName()
                + "' is NULL of no type; say which: CAST(NULL AS VARCHAR)");
      }
    }
  }
}
