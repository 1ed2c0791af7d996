package org.bindsql.engine.ddl;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.ddl.SqlDropView;
import org.bindsql.engine.Session;
import org.bindsql.engine.StatementSignature;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceSchema;
import org.bindsql.lance.view.LanceView;
import org.bindsql.lance.view.LanceViews;
import org.bindsql.lance.view.ViewDefinition;
import org.bindsql.parser.SqlViewDefinition;
import org.bindsql.type.ArrowTypes;
import org.jspecify.annotations.Nullable;

/** The work of CREATE VIEW and DROP VIEW, in schemas that are local folders. */
public final class ViewStatements {
  private final Session session;
  private final BindContext context;

  /** Statements of a session; names are resolved as in the context. */
  public ViewStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /**
   * Makes the view.
   *
   * @param query the prepared query, from which the view takes its columns
   * @param text the text of the query
   */
  public long create(SqlViewDefinition create, StatementSignature<Object> query, String text) {
    session.beginWrite("CREATE VIEW");
    TableName name = TableName.resolve(create.name(), context);
    LanceSchema schema = TableStatements.folder(name);
    if (create.ifNotExists() && create.getReplace()) {
      throw new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "OR REPLACE and IF NOT EXISTS exclude one another");
    }
    if (!query.parameters.isEmpty()) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "the query of a view has parameters; write their values");
    }
    CalciteSchema.TableEntry existing = name.entry();
    if (existing != null && create.ifNotExists()) {
      return 0;
    }
    boolean isView = existing != null && existing.getTable() instanceof LanceView;
    if (existing != null && !(isView && create.getReplace())) {
      throw new BindSqlException(
          ErrorCode.TABLE_EXISTS,
          "%s '%s.%s' exists".formatted(isView ? "view" : "table", name.schema(), existing.name));
    }
    List<String> path = context.getDefaultSchemaPath();
    ViewDefinition definition =
        new ViewDefinition(
            text,
            path.isEmpty() ? TableName.DEFAULT_SCHEMA : path.getLast(),
            columns(create, query.rowType));
    try {
      LanceViews.create(
          schema.location(),
          existing == null ? name.table() : existing.name,
          definition,
          create.getReplace());
    } catch (BindSqlException e) {
      if (create.ifNotExists() && e.code() == ErrorCode.TABLE_EXISTS) {
        return 0; // somebody else was faster
      }
      throw e;
    }
    return 0;
  }

  private static Schema columns(SqlViewDefinition create, @Nullable RelDataType rowType) {
    if (rowType == null) {
      throw new IllegalStateException("a query without row type");
    }
    List<Field> fields = new ArrayList<>(ArrowTypes.toSchema(rowType).getFields());
    List<String> names = create.columns();
    if (names != null) {
      if (names.size() != fields.size()) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "%d columns are named, but the query has %d".formatted(names.size(), fields.size()));
      }
      for (int i = 0; i < names.size(); i++) {
        Field field = fields.get(i);
        fields.set(i, new Field(names.get(i), field.getFieldType(), field.getChildren()));
      }
    }
    Set<String> seen = new HashSet<>();
    for (Field field : fields) {
      if (!seen.add(field.getName().toLowerCase(Locale.ROOT))) {
        throw new BindSqlException(
            ErrorCode.BAD_ARGUMENT,
            "two columns are named '" + field.getName() + "'; give one an alias");
      }
    }
    return new Schema(fields);
  }

  /** Removes the view. */
  public long drop(SqlDropView drop) {
    session.beginWrite("DROP VIEW");
    TableName name = TableName.resolve(drop.name, context);
    LanceSchema schema = TableStatements.folder(name);
    CalciteSchema.TableEntry existing = name.entry();
    if (existing != null && !(existing.getTable() instanceof LanceView)) {
      throw new BindSqlException(
          ErrorCode.NOT_ALLOWED,
          "'" + name.schema() + "." + existing.name + "' is a table; DROP TABLE removes it");
    }
    boolean dropped = existing != null && LanceViews.drop(schema.location(), existing.name);
    if (!dropped && !drop.ifExists) {
      throw new BindSqlException(
          ErrorCode.NO_SUCH_TABLE, "no view '" + name.schema() + "." + name.table() + "'");
    }
    return 0;
  }
}
