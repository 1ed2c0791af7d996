package org.bindsql.engine;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.calcite.jdbc.CalcitePrepare;
import org.apache.calcite.jdbc.CalcitePrepare.CalciteSignature;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlDescribeTable;
import org.apache.calcite.sql.SqlExplain;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlSetOption;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.ddl.SqlCreateSchema;
import org.apache.calcite.sql.ddl.SqlDropTable;
import org.apache.calcite.sql.ddl.SqlDropView;
import org.apache.calcite.sql.ddl.SqlTruncateTable;
import org.bindsql.engine.catalog.IndexViews;
import org.bindsql.engine.catalog.ShowCreate;
import org.bindsql.engine.catalog.TableName;
import org.bindsql.engine.change.Change;
import org.bindsql.engine.change.ChangeRewrite;
import org.bindsql.engine.change.ChangeTarget;
import org.bindsql.engine.copy.CopyStatements;
import org.bindsql.engine.ddl.AlterStatements;
import org.bindsql.engine.ddl.IndexStatements;
import org.bindsql.engine.ddl.SchemaStatements;
import org.bindsql.engine.ddl.StarColumns;
import org.bindsql.engine.ddl.TableStatements;
import org.bindsql.engine.ddl.ViewStatements;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.engine.dialect.SqlText;
import org.bindsql.engine.history.HistoryStatements;
import org.bindsql.engine.maintenance.MaintenanceStatements;
import org.bindsql.engine.run.RowCounts;
import org.bindsql.engine.storage.StorageStatements;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.view.LanceView;
import org.bindsql.parser.SqlAlterTable;
import org.bindsql.parser.SqlAttach;
import org.bindsql.parser.SqlComment;
import org.bindsql.parser.SqlCopy;
import org.bindsql.parser.SqlCreateIndex;
import org.bindsql.parser.SqlCreateRef;
import org.bindsql.parser.SqlCreateSecret;
import org.bindsql.parser.SqlDetach;
import org.bindsql.parser.SqlDropIndex;
import org.bindsql.parser.SqlDropRef;
import org.bindsql.parser.SqlDropSecret;
import org.bindsql.parser.SqlExplainAnalyze;
import org.bindsql.parser.SqlMaintenance;
import org.bindsql.parser.SqlOptimizeIndex;
import org.bindsql.parser.SqlRestoreTable;
import org.bindsql.parser.SqlSchemaDrop;
import org.bindsql.parser.SqlShowCreate;
import org.bindsql.parser.SqlShowHistory;
import org.bindsql.parser.SqlShowIndexes;
import org.bindsql.parser.SqlShowStorage;
import org.bindsql.parser.SqlShowTables;
import org.bindsql.parser.SqlTableDefinition;
import org.bindsql.parser.SqlTransaction;
import org.bindsql.parser.SqlViewDefinition;
import org.jspecify.annotations.Nullable;

/** Preparation of one statement by its kind. */
final class Statements {
  private final BindPrepare prepare;
  private final Session session;
  private final BindContext context;
  private final Type elementType;
  private final long maxRowCount;

  Statements(
      BindPrepare prepare,
      Session session,
      BindContext context,
      Type elementType,
      long maxRowCount) {
    this.prepare = prepare;
    this.session = session;
    this.context = context;
    this.elementType = elementType;
    this.maxRowCount = maxRowCount;
  }

  <T> CalciteSignature<T> prepare(String sql, SqlNode statement) {
    return switch (statement) {
      case SqlExplainAnalyze explain -> explainAnalyze(sql, explain);
      case SqlSetOption option -> Commands.of(sql, context, root -> set(option));
      case SqlTableDefinition create -> createTable(sql, create);
      case SqlDropTable drop ->
          changing(
              "DROP TABLE", sql, root -> new TableStatements(session, context).drop(drop, root));
      case SqlAlterTable alter -> alterTable(sql, alter);
      case SqlViewDefinition create -> createView(sql, create);
      case SqlDropView drop ->
          changing("DROP VIEW", sql, root -> new ViewStatements(session, context).drop(drop));
      case SqlCreateSchema create ->
          changing("CREATE SCHEMA", sql, root -> new SchemaStatements(session).create(create));
      case SqlSchemaDrop drop ->
          changing("DROP SCHEMA", sql, root -> new SchemaStatements(session).drop(drop, root));
      case SqlShowCreate show ->
          Commands.rows(
              sql, context, ShowCreate.COLUMNS, root -> new ShowCreate(context).rows(show));
      case SqlComment comment -> changing("COMMENT", sql, root -> alterations().comment(comment));
      case SqlTruncateTable truncate ->
          changing("TRUNCATE TABLE", sql, root -> alterations().truncate(truncate));
      case SqlCreateIndex create -> changing("CREATE INDEX", sql, root -> indexes().create(create));
      case SqlDropIndex drop -> changing("DROP INDEX", sql, root -> indexes().drop(drop));
      case SqlOptimizeIndex optimize ->
          changing("ALTER INDEX", sql, root -> indexes().optimize(optimize));
      case SqlMaintenance maintenance -> {
        session.checkWritable(maintenance.action().name());
        MaintenanceStatements work = new MaintenanceStatements(session, context);
        yield switch (maintenance.action()) {
          case OPTIMIZE ->
              Commands.rows(
                  sql,
                  context,
                  MaintenanceStatements.OPTIMIZED,
                  root -> work.optimize(maintenance, root));
          case VACUUM ->
              Commands.rows(
                  sql, context, MaintenanceStatements.REMOVED, root -> work.vacuum(maintenance));
        };
      }
      case SqlShowIndexes show -> {
        indexes().check(show);
        yield Commands.rows(sql, context, IndexViews.COLUMNS, root -> indexes().show(show));
      }
      case SqlAttach attach -> Commands.of(sql, context, root -> storage().attach(attach));
      case SqlDetach detach -> Commands.of(sql, context, root -> storage().detach(detach));
      case SqlCreateSecret create ->
          Commands.of(sql, context, root -> storage().createSecret(create));
      case SqlDropSecret drop -> Commands.of(sql, context, root -> storage().dropSecret(drop));
      case SqlShowStorage show ->
          query("SELECT * FROM system." + show.table() + " ORDER BY name", List.of());
      case SqlCreateRef create ->
          changing(create.getOperator().getName(), sql, root -> history().create(create));
      case SqlDropRef drop ->
          changing(drop.getOperator().getName(), sql, root -> history().drop(drop));
      case SqlRestoreTable restore ->
          changing("RESTORE TABLE", sql, root -> history().restore(restore));
      case SqlShowHistory show -> query(history().show(show), List.of());
      case SqlCall call when call.getKind() == SqlKind.PROCEDURE_CALL ->
          new Procedures(session, context).prepare(sql, call);
      case SqlCopy.From copy -> {
        session.checkWritable("COPY FROM");
        yield Commands.of(
            sql, context, root -> new CopyStatements(session, context).from(copy, root));
      }
      case SqlCopy.To copy -> copyTo(sql, copy);
      case SqlTransaction transaction ->
          Commands.of(sql, context, root -> session.transactions().run(transaction));
      case SqlShowTables show -> query(showTables(show), List.of());
      case SqlDescribeTable describe -> query(describe(describe), List.of());
      default -> {
        if (statement.getKind().belongsTo(SqlKind.DML)) {
          session.checkWritable(statement.getKind().name());
          if (statement instanceof SqlInsert insert && insert.isUpsert()) {
            throw new BindSqlException(
                ErrorCode.NOT_SUPPORTED,
                "UPSERT is not supported: write INSERT ... ON CONFLICT (columns) DO UPDATE SET ...");
          }
          history().checkTarget(statement);
        }
        if (statement.getKind().belongsTo(SqlKind.DDL)) {
          throw new BindSqlException(
              ErrorCode.NOT_SUPPORTED, statement.getKind().name() + " is not supported");
        }
        yield run(sql, statement, this.<T>again(sql));
      }
    };
  }

  /** A statement that is refused already when prepared if nothing may be written. */
  private <T> CalciteSignature<T> changing(String name, String sql, Commands.Command work) {
    session.checkWritable(name);
    return Commands.of(sql, context, work);
  }

  /** A statement that has the parameters of its query. */
  private <T> CalciteSignature<T> over(QueryBatches query, String sql, Commands.Command work) {
    return Commands.of(
        sql, context, query.query().parameters, query.query().internalParameters, work);
  }

  private StorageStatements storage() {
    return new StorageStatements(session, context);
  }

  private HistoryStatements history() {
    return new HistoryStatements(session, context);
  }

  private IndexStatements indexes() {
    return new IndexStatements(session, context);
  }

  /** Prepares a statement of that text in the same place once more. */
  private <T> Supplier<CalciteSignature<T>> again(String sql) {
    return () ->
        new BindPrepare()
            .prepareSql(context, CalcitePrepare.Query.of(sql), elementType, maxRowCount);
  }

  private <T> StatementSignature<T> run(
      String sql, SqlNode statement, @Nullable Supplier<CalciteSignature<T>> again) {
    try {
      return change(sql, statement, again);
    } catch (RelOptPlanner.CannotPlanException e) {
      if (!statement.getKind().belongsTo(SqlKind.DML)) {
        throw e;
      }
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED,
          "%s cannot be changed by %s".formatted(target(statement), statement.getKind().name()),
          e);
    }
  }

  private static String target(SqlNode statement) {
    SqlNode target =
        switch (statement) {
          case SqlInsert insert -> insert.getTargetTable();
          case SqlUpdate update -> update.getTargetTable();
          case SqlDelete delete -> delete.getTargetTable();
          default -> null;
        };
    return ChangeTarget.quote(target);
  }

  /** Prepares a query or DML; what changes rows of a Lance table is rewritten first. */
  private <T> StatementSignature<T> change(
      String sql, SqlNode statement, @Nullable Supplier<CalciteSignature<T>> again) {
    SqlNode dml = statement instanceof SqlExplain explain ? explain.getExplicandum() : statement;
    List<Integer> rowCounts = RowCounts.parameters(statement);
    Change change = ChangeRewrite.of(dml, context);
    SqlNode rewritten = change == null ? statement : change.statement();
    if (change != null && statement instanceof SqlExplain explain) {
      explain.setOperand(0, rewritten);
      rewritten = explain;
    }
    CalciteSignature<T> prepared =
        prepare.prepareQuery(context, sql, rewritten, change, elementType, maxRowCount);
    return new StatementSignature<>(
        prepared, session, rowCounts, maxRowCount, prepare.plan(), again);
  }

  private <T> StatementSignature<T> query(String sql, List<Integer> rowCounts) {
    return new StatementSignature<>(
        prepare.prepareQuery(context, sql, elementType, maxRowCount),
        session,
        rowCounts,
        maxRowCount);
  }

  private AlterStatements alterations() {
    return new AlterStatements(session, context);
  }

  private <T> CalciteSignature<T> alterTable(String sql, SqlAlterTable alter) {
    session.checkWritable("ALTER TABLE");
    String values = alterations().query(alter);
    if (values == null) {
      return Commands.of(sql, context, root -> alterations().alter(alter, null, root));
    }
    QueryBatches query = batches(values, null);
    return over(query, sql, root -> alterations().alter(alter, query, root));
  }

  private <T> CalciteSignature<T> copyTo(String sql, SqlCopy.To copy) {
    SqlIdentifier table = copy.table();
    if (table != null) {
      CopyStatements.check(TableName.resolve(table, context), copy.columns(), context);
    }
    QueryBatches query = batches(CopyStatements.query(sql, copy), copy.query());
    return over(query, sql, root -> new CopyStatements(session, context).to(copy, query, root));
  }

  private <T> CalciteSignature<T> createView(String sql, SqlViewDefinition create) {
    session.checkWritable("CREATE VIEW");
    String text = SqlText.blankBefore(sql, create.queryPosition());
    CalciteSchema.TableEntry existing = TableName.resolve(create.name(), context).entry();
    ViewQuery query =
        existing != null && existing.getTable() instanceof LanceView view
            ? view.planNew(() -> viewQuery(text, create.query()))
            : viewQuery(text, create.query());
    return Commands.of(
        sql,
        context,
        root ->
            new ViewStatements(session, context)
                .create(create, query.prepared(), query.text().strip()));
  }

  /** A view's query, its stars expanded. */
  private record ViewQuery(StatementSignature<Object> prepared, String text) {}

  private ViewQuery viewQuery(String text, SqlNode parsed) {
    StarColumns stars = new StarColumns(parsed);
    StatementSignature<Object> prepared = query(text, parsed);
    if (stars.isEmpty()) {
      return new ViewQuery(prepared, text);
    }
    String expanded = stars.expand(text);
    return new ViewQuery(query(expanded, List.of()), expanded);
  }

  private <T> StatementSignature<T> query(String sql, SqlNode parsed) {
    return new StatementSignature<>(
        prepare.prepareQuery(context, sql, parsed, null, elementType, maxRowCount),
        session,
        List.of(),
        maxRowCount);
  }

  private <T> CalciteSignature<T> createTable(String sql, SqlTableDefinition create) {
    session.checkWritable("CREATE TABLE");
    if (create.query == null) {
      return Commands.of(
          sql, context, root -> new TableStatements(session, context).create(create, null, root));
    }
    QueryBatches query = batches(SqlText.blankBefore(sql, create.queryPosition()), create.query);
    return over(
        query, sql, root -> new TableStatements(session, context).create(create, query, root));
  }

  /** Prepares a query whose result is to be read as batches. */
  QueryBatches batches(String sql, @Nullable SqlNode query) {
    StatementSignature<Object> signature = query(sql, RowCounts.parameters(query));
    return new QueryBatches(signature, prepare.plan(), session.reference());
  }

  private <T> CalciteSignature<T> explainAnalyze(String sql, SqlExplainAnalyze explain) {
    if (explain.query().getKind().belongsTo(SqlKind.DML)) {
      session.checkWritable(explain.query().getKind().name());
    }
    prepare.analyze();
    StatementSignature<Object> query = run(sql, explain.query(), null);
    BindPrepare.Plan plan = prepare.plan();
    return ExplainAnalyze.signature(sql, context, query, plan == null ? null : plan.physical().rel);
  }

  private long set(SqlSetOption option) {
    SqlNode value = option.getValue();
    String name = String.join(".", ((SqlIdentifier) option.name()).names);
    if (value != null) {
      session.settings().set(Setting.named(name), text(value));
    } else if (name.equals("ALL")) {
      for (Setting setting : Setting.values()) {
        if (!setting.isShared()) {
          session.settings().reset(setting);
        }
      }
    } else {
      session.settings().reset(Setting.named(name));
    }
    return 0;
  }

  private static String text(SqlNode value) {
    return value instanceof SqlLiteral literal
        ? String.valueOf(literal.toValue())
        : value.toString();
  }

  private String showTables(SqlShowTables show) {
    SqlIdentifier schema = show.schema();
    String columns = "SELECT table_schema, table_name, table_type FROM information_schema.tables";
    if (schema == null) {
      return columns
          + " WHERE table_schema NOT IN ('information_schema', 'system')"
          + " ORDER BY table_schema, table_name";
    }
    String name = schema.names.getLast();
    if (context.getRootSchema().getSubSchema(name, false) == null) {
      throw new BindSqlException(ErrorCode.NO_SUCH_SCHEMA, "no schema '" + name + "'");
    }
    return columns + " WHERE LOWER(table_schema) = LOWER(" + quote(name) + ") ORDER BY table_name";
  }

  private String describe(SqlDescribeTable describe) {
    TableName name = TableName.resolve(describe.getTable(), context);
    name.check();
    // Tables that cannot be opened have no columns in information_schema; here that is an error.
    Objects.requireNonNull(name.entry()).getTable().getRowType(context.getTypeFactory());
    SqlIdentifier column = describe.getColumn();
    return "SELECT column_name, data_type, is_nullable, column_key, column_comment"
        + " FROM information_schema.columns"
        + " WHERE LOWER(table_schema) = LOWER("
        + quote(name.schema())
        + ") AND LOWER(table_name) = LOWER("
        + quote(name.table())
        + ")"
        + (column == null
            ? ""
            : " AND LOWER(column_name) = LOWER(" + quote(column.names.getLast()) + ")")
        + " ORDER BY ordinal_position";
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
