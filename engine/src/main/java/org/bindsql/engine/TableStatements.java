package org.bindsql.engine;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.calcite.DataContext;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeField;
import org.apache.calcite.sql.ddl.SqlCreateTable;
import org.apache.calcite.sql.ddl.SqlDropTable;
import org.apache.calcite.sql.type.SqlTypeName;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.LanceTables;

/** The work of CREATE TABLE AS and DROP TABLE, in schemas that are folders of Lance datasets. */
final class TableStatements {
  private final Session session;
  private final BindContext context;

  TableStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /** Makes the table from the query's rows; returns how many there are. */
  long create(SqlCreateTable create, QueryBatches query, DataContext root) {
    session.beginWrite("CREATE TABLE");
    TableName name = TableName.resolve(create.name, context);
    LanceSchema schema = folder(name);
    CalciteSchema.TableEntry existing = name.entry();
    if (existing != null && create.ifNotExists) {
      return 0;
    }
    if (existing != null && !create.getReplace()) {
      throw new BindSqlException(
          ErrorCode.TABLE_EXISTS, "table '" + name.schema() + "." + existing.name + "' exists");
    }
    checkColumns(query.rowType());
    return LanceTables.write(
        schema.location(),
        existing == null ? name.table() : existing.name,
        query.schema(),
        query.open(root),
        create.getReplace() ? LanceTables.Mode.REPLACE : LanceTables.Mode.CREATE,
        schema.session());
  }

  /** Removes the table; the number of rows it had is not counted. */
  long drop(SqlDropTable drop) {
    session.beginWrite("DROP TABLE");
    TableName name = TableName.resolve(drop.name, context);
    LanceSchema schema = folder(name);
    CalciteSchema.TableEntry existing = name.entry();
    boolean dropped =
        existing != null && LanceTables.drop(schema.location(), existing.name, schema.session());
    if (!dropped && !drop.ifExists) {
      name.check();
    }
    return 0;
  }

  private static LanceSchema folder(TableName name) {
    if (name.owner().schema instanceof LanceSchema schema) {
      return schema;
    }
    throw new BindSqlException(
        ErrorCode.NOT_ALLOWED,
        "schema '"
            + name.schema()
            + "' has a fixed set of tables; create and drop tables in '"
            + Database.DEFAULT_SCHEMA
            + "'");
  }

  private static void checkColumns(RelDataType rowType) {
    Set<String> names = new HashSet<>();
    for (RelDataTypeField field : rowType.getFieldList()) {
      String column = field.getName();
      if (field.getType().getSqlTypeName() == SqlTypeName.NULL) {
        throw new BindSqlException(
            ErrorCode.TYPE_MISMATCH,
            "column '" + column + "' is NULL of no type; say which: CAST(NULL AS VARCHAR)");
      }
      if (!names.add(column.toLowerCase(Locale.ROOT))) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT, "two columns are named '" + column + "'; give one an alias");
      }
    }
  }
}
