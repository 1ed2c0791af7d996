package org.bindsql.engine.ddl;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.schema.SchemaPlus;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.bindsql.engine.Session;
import org.bindsql.engine.catalog.IndexViews;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.engine.dialect.StatementOptions;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.LanceTable;
import org.bindsql.lance.index.IndexKind;
import org.bindsql.lance.index.LanceIndexes;
import org.bindsql.parser.SqlCreateIndex;
import org.bindsql.parser.SqlDropIndex;
import org.bindsql.parser.SqlOptimizeIndex;
import org.bindsql.parser.SqlShowIndexes;
import org.jspecify.annotations.Nullable;

/** The work of CREATE INDEX, DROP INDEX, ALTER INDEX and SHOW INDEXES. */
public final class IndexStatements {
  private final Session session;
  private final BindContext context;

  /** Statements of a session; names are resolved as in the context. */
  public IndexStatements(Session session, BindContext context) {
    this.session = session;
    this.context = context;
  }

  /** Builds the index; returns the number of rows in it, 0 if it was there already. */
  public long create(SqlCreateIndex create) {
    IndexKind kind =
        create.kind() == null ? IndexKind.BTREE : IndexKind.named(create.kind().getSimple());
    if (create.columns().size() > 1) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "an index is over one column, not " + create.columns().size());
    }
    StatementOptions options =
        new StatementOptions("CREATE INDEX", create.options(), kind.options());
    List<LanceIndexes.Option> given = new ArrayList<>();
    for (String option : kind.options()) {
      Long value = options.number(option, 1, Integer.MAX_VALUE);
      if (value != null) {
        given.add(new LanceIndexes.Option(option, value));
      }
    }
    SqlNode column = create.columns().get(0);
    session.beginWrite("CREATE INDEX");
    return LanceIndexes.create(
        table(create.table()),
        new LanceIndexes.Definition(
            create.name().getSimple(), ((SqlIdentifier) column).names, kind, given),
        create.ifNotExists(),
        create.getReplace());
  }

  /** Removes the index; no rows are counted. */
  public long drop(SqlDropIndex drop) {
    session.beginWrite("DROP INDEX");
    if (!LanceIndexes.drop(table(drop.table()), drop.name().getSimple()) && !drop.ifExists()) {
      throw noSuchIndex(drop.name().getSimple(), drop.table());
    }
    return 0;
  }

  /** Takes rows into the index that came after it was built; returns how many. */
  public long optimize(SqlOptimizeIndex optimize) {
    StatementOptions options =
        new StatementOptions("ALTER INDEX", optimize.options(), List.of("mode"));
    String mode = options.text("mode");
    LanceIndexes.Mode how = mode == null ? LanceIndexes.Mode.MERGE : LanceIndexes.Mode.named(mode);
    session.beginWrite("ALTER INDEX");
    return LanceIndexes.optimize(table(optimize.table()), optimize.name().getSimple(), how);
  }

  private static BindSqlException noSuchIndex(String name, SqlIdentifier table) {
    return new BindSqlException(
        ErrorCode.NO_SUCH_OBJECT, "no index '" + name + "' on table '" + table + "'");
  }

  /** Fails if the table to show does not exist, so that preparing the statement does. */
  public void check(SqlShowIndexes show) {
    if (show.table() != null) {
      TableName.resolve(show.table(), context).check();
    }
  }

  /** The indexes of one table, or of all. */
  public List<@Nullable Object[]> show(SqlShowIndexes show) {
    SqlIdentifier table = show.table();
    if (table == null) {
      SchemaPlus root = context.getRootSchema().plus();
      return IndexViews.rows(root);
    }
    TableName name = TableName.resolve(table, context);
    CalciteSchema.TableEntry entry = name.entry();
    return entry == null ? List.of() : IndexViews.rows(name.schema(), entry.name, entry.getTable());
  }

  private LanceTable table(SqlIdentifier id) {
    return TableName.resolve(id, context).lanceTable("have indexes");
  }
}
