package org.bindsql.engine.ddl;

import org.apache.calcite.DataContext;
import org.apache.calcite.sql.ddl.SqlCreateSchema;
import org.bindsql.engine.Database;
import org.bindsql.engine.Session;
import org.bindsql.engine.run.Cancellation;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.ddl.SchemaFolders;
import org.bindsql.parser.SqlSchemaDrop;

/** The work of CREATE SCHEMA and DROP SCHEMA: folders in the database folder. */
public final class SchemaStatements {
  private final Session session;

  /** Statements of a session. */
  public SchemaStatements(Session session) {
    this.session = session;
  }

  /** Makes the schema. */
  public long create(SqlCreateSchema create) {
    session.beginWrite("CREATE SCHEMA");
    String name = create.name.getSimple();
    if (create.getReplace()) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "OR REPLACE of a schema is not supported; drop it");
    }
    boolean created =
        !session.hasSchema(name) && SchemaFolders.create(session.database().location(), name);
    if (!created && !create.ifNotExists) {
      throw new BindSqlException(ErrorCode.SCHEMA_EXISTS, "schema '" + name + "' exists");
    }
    return 0;
  }

  /** Removes the schema. */
  public long drop(SqlSchemaDrop drop, DataContext root) {
    session.beginWrite("DROP SCHEMA");
    String name = drop.name();
    Database database = session.database();
    for (String folder : database.folderSchemas().keySet()) {
      if (folder.equalsIgnoreCase(name)
          && SchemaFolders.drop(
              database.location(),
              folder,
              drop.cascade(),
              database.lance(),
              () -> Cancellation.check(root))) {
        return 0;
      }
    }
    if (session.hasSchema(name)) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED, "schema '" + name + "' is no folder of the database");
    }
    if (!drop.ifExists()) {
      throw new BindSqlException(ErrorCode.NO_SUCH_SCHEMA, "no schema '" + name + "'");
    }
    return 0;
  }
}
