package org.bindsql.engine;

import java.lang.reflect.Type;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.apache.calcite.adapter.enumerable.EnumerableConvention;
import org.apache.calcite.adapter.enumerable.EnumerableRel;
import org.apache.calcite.adapter.java.JavaTypeFactory;
import org.apache.calcite.config.CalciteConnectionConfig;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.plan.Contexts;
import org.apache.calcite.plan.RelOptCostFactory;
import org.apache.calcite.plan.RelOptPlanner;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.prepare.CalcitePrepareImpl;
import org.apache.calcite.prepare.Prepare;
import org.apache.calcite.rel.RelNode;
import org.apache.calcite.rel.RelRoot;
import org.apache.calcite.rex.RexBuilder;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParseException;
import org.apache.calcite.sql.parser.SqlParser;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql2rel.SqlToRelConverter;
import org.apache.calcite.tools.Program;
import org.apache.calcite.util.TryThreadLocal;
import org.bindsql.engine.change.Change;
import org.bindsql.engine.dialect.BindConformance;
import org.bindsql.engine.dialect.BindContext;
import org.bindsql.engine.dialect.BindValidator;
import org.bindsql.engine.dialect.StatementSyntaxException;
import org.bindsql.engine.history.Snapshots;
import org.bindsql.engine.run.Probes;
import org.bindsql.engine.run.RowCounts;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.error.Redaction;
import org.bindsql.exec.LargeStack;
import org.bindsql.exec.SearchOrder;
import org.bindsql.parser.BindSqlParser;
import org.bindsql.rel.SearchSettings;
import org.bindsql.rules.KeyLookups;
import org.bindsql.rules.LateralSearches;
import org.bindsql.rules.StoreAssignment;
import org.jspecify.annotations.Nullable;

/** Preparation of one statement: our parser, operators, rules and statements on Calcite's frame. */
public final class BindPrepare extends CalcitePrepareImpl {
  /** Characters from which on a statement may nest deeper than an ordinary stack allows. */
  private static final int LONG = 1000;

  /** Planning goes as deep as an expression does. */
  private static final LargeStack DEEP = new LargeStack("bindsql-large-stack", 256L << 20);

  private boolean analyze;
  private @Nullable SqlNode ready;
  private @Nullable Change change;
  private @Nullable RelRoot logical;
  private @Nullable Plan plan;

  @Override
  protected SqlParser.Config parserConfig() {
    return SqlParser.config()
        .withParserFactory(BindSqlParser.FACTORY)
        .withIdentifierMaxLength(1024)
        .withConformance(BindConformance.INSTANCE);
  }

  @Override
  protected SqlParser createParser(String sql) {
    // Views, too, are written in our dialect.
    return super.createParser(sql, dialect());
  }

  /** The parser of the statement that is being prepared, which may have been parsed already. */
  @Override
  protected SqlParser createParser(String sql, SqlParser.Config config) {
    SqlNode parsed = ready;
    ready = null;
    return super.createParser(
        sql,
        parsed == null
            ? config
            : config.withParserFactory(reader ->
                new BindSqlParser(reader) {
                  @Override
                  public SqlNode parseSqlStmtEof() {
                    return parsed;
                  }
                }));
  }

  private SqlParser.Config dialect() {
    var config = BindContext.CONFIG;
    return parserConfig()
        .withQuotedCasing(config.quotedCasing())
        .withUnquotedCasing(config.unquotedCasing())
        .withQuoting(config.quoting())
        .withCaseSensitive(config.caseSensitive());
  }

  @Override
  public ParseResult parse(Context context, String sql) {
    return super.parse(BindContext.of(context), sql);
  }

  @Override
  public ConvertResult convert(Context context, String sql) {
    return super.convert(BindContext.of(context), sql);
  }

  @Override
  public AnalyzeViewResult analyzeView(Context context, String sql, boolean fail) {
    return super.analyzeView(BindContext.of(context), sql, fail);
  }

  @Override
  public <T> CalciteSignature<T> prepareSql(
      Context context, Query<T> query, Type elementType, long maxRowCount) {
    Session session = Session.of(context);
    session.beginStatement();
    BindContext bound = BindContext.of(context);
    if (query.sql == null) {
      return new StatementSignature<>(
          super.prepareSql(bound, query, elementType, maxRowCount),
          session,
          List.of(),
          maxRowCount);
    }
    PlanCache plans = session.plans();
    PlanCache.Key key =
        plans.key(query.sql, bound.getDefaultSchemaPath(), elementType, maxRowCount);
    // As of before the names are looked up: what changes meanwhile is seen the next time.
    CatalogState catalog = key == null ? null : CatalogState.of(session);
    StatementSignature<T> known = key == null ? null : plans.find(key, catalog);
    if (known != null) {
      session.checkParameters(known.parameters.size());
      return known;
    }
    Prepared<T> prepared =
        query.sql.length() < LONG
            ? prepareText(session, bound, query.sql, elementType, maxRowCount)
            : DEEP.call(() -> prepareText(session, bound, query.sql, elementType, maxRowCount));
    session.checkParameters(prepared.runs() ? prepared.signature().parameters.size() : 0);
    if (key != null
        && catalog != null
        && prepared.query()
        && prepared.signature() instanceof StatementSignature<T> signature
        && plan != null
        && PlannedTables.areInCatalog(plan.logical().rel)) {
      plans.add(key, catalog, signature);
    }
    return prepared.signature();
  }

  /**
   * A statement that is prepared.
   *
   * @param runs whether it is not only explained
   * @param query whether it is a query as it was written
   */
  private record Prepared<T>(CalciteSignature<T> signature, boolean runs, boolean query) {}

  private <T> Prepared<T> prepareText(
      Session session, BindContext context, String sql, Type elementType, long maxRowCount) {
    SqlNode statement = parseStatement(sql);
    return new Prepared<>(
        new Statements(this, session, context, elementType, maxRowCount).prepare(sql, statement),
        statement.getKind() != SqlKind.EXPLAIN,
        statement.isA(SqlKind.QUERY));
  }

  /**
   * Prepares a query whose result is to be read as batches.
   *
   * @throws org.bindsql.error.BindSqlException NOT_SUPPORTED if the statement is no query
   */
  QueryBatches prepareBatches(Context context, String sql) {
    Session.of(context).beginStatement();
    SqlNode query = parseStatement(sql);
    if (!query.isA(SqlKind.QUERY)) {
      throw new BindSqlException(
          ErrorCode.NOT_SUPPORTED, "only a query has Arrow batches, not " + query.getKind());
    }
    return new Statements(this, Session.of(context), BindContext.of(context), Object[].class, -1)
        .batches(sql, query);
  }

  /** Parses the name of a table as SQL writes it. */
  SqlIdentifier parseName(String name) {
    try {
      if (createParser(name, dialect()).parseExpression() instanceof SqlIdentifier identifier) {
        return identifier;
      }
    } catch (SqlParseException e) {
      throw new StatementSyntaxException(e);
    }
    throw new BindSqlException(
        ErrorCode.BAD_ARGUMENT, "'" + name + "' is no table name; expected t or schema.t");
  }

  private SqlNode parseStatement(String sql) {
    if (sql.isBlank()) {
      throw new BindSqlException(ErrorCode.SYNTAX, "syntax error: the statement is empty");
    }
    try {
      return createParser(sql, dialect()).parseStmt();
    } catch (SqlParseException e) {
      if (e.getCause() instanceof BindSqlException known) {
        throw known;
      }
      if (Redaction.mayHoldSecret(sql)) {
        throw new BindSqlException(
            ErrorCode.SYNTAX,
            "the statement does not parse"
                + (e.getPos() == null
                    ? ""
                    : ": something unexpected on line "
                        + e.getPos().getLineNum()
                        + " in column "
                        + e.getPos().getColumnNum())
                + "; its text is not shown, because it may hold a secret");
      }
      RowCounts.checkLiteral(sql, e.getPos());
      throw new StatementSyntaxException(e);
    }
  }

  /** Prepares a query or DML statement as Calcite does. */
  <T> CalciteSignature<T> prepareQuery(
      BindContext context, String sql, Type elementType, long maxRowCount) {
    return prepareQuery(context, sql, null, null, elementType, maxRowCount);
  }

  /**
   * Prepares a statement that is parsed already.
   *
   * @param statement the statement, or null to parse the text
   * @param changes what the statement does if it inserts into a change form, else null
   */
  <T> CalciteSignature<T> prepareQuery(
      BindContext context,
      String sql,
      @Nullable SqlNode statement,
      @Nullable Change changes,
      Type elementType,
      long maxRowCount) {
    plan = null;
    ready = statement;
    change = changes;
    // An IN list of any length stays a predicate, which a scan can take; Calcite would make a join
    // with the values of a long one, whose generated code outgrows a method.
    try (TryThreadLocal.Memo ignored =
        Prepare.THREAD_INSUBQUERY_THRESHOLD.push(Integer.MAX_VALUE)) {
      return super.prepareSql(context, Query.of(sql), elementType, maxRowCount);
    }
  }

  /** Has the next query's operators report to the profile of the statement that runs it. */
  void analyze() {
    analyze = true;
  }

  /**
   * How a query was planned.
   *
   * @param logical what it says, before any rule
   * @param physical what will run
   */
  record Plan(RelRoot logical, RelRoot physical) {}

  /** The plan of the last query prepared, or null if it needed none. */
  @Nullable Plan plan() {
    return plan;
  }

  private static SearchSettings searchSettings(Settings settings) {
    return new SearchSettings(
        Double.parseDouble(settings.get(Setting.RECALL)),
        SearchOrder.valueOf(settings.get(Setting.FIRST).toUpperCase(Locale.ROOT)));
  }

  @Override
  protected RelOptPlanner createPlanner(
      Context prepareContext,
      org.apache.calcite.plan.@Nullable Context externalContext,
      @Nullable RelOptCostFactory costFactory) {
    Session session = Session.of(prepareContext);
    SearchSettings settings = searchSettings(session.settings());
    RelOptPlanner planner =
        super.createPlanner(
            prepareContext,
            externalContext == null
                ? Contexts.of(prepareContext.config(), settings)
                : Contexts.chain(externalContext, Contexts.of(settings)),
            costFactory);
    Rules.register(planner, session);
    return planner;
  }

  @Override
  protected CalcitePreparingStmt getPreparingStmt(
      Context context,
      Type elementType,
      CalciteCatalogReader catalogReader,
      RelOptPlanner planner) {
    JavaTypeFactory typeFactory = context.getTypeFactory();
    return new CalcitePreparingStmt(
        this,
        context,
        catalogReader,
        typeFactory,
        context.getRootSchema(),
        elementType == Object[].class ? EnumerableRel.Prefer.ARRAY : EnumerableRel.Prefer.CUSTOM,
        createCluster(planner, new RexBuilder(typeFactory)),
        EnumerableConvention.INSTANCE,
        createConvertletTable()) {
      @Override
      protected SqlValidator createSqlValidator(
          CatalogReader reader, UnaryOperator<SqlValidator.Config> configTransform) {
        CalciteConnectionConfig choices = context.config();
        return new BindValidator(
            (CalciteCatalogReader) reader,
            context.getTypeFactory(),
            configTransform.apply(
                SqlValidator.Config.DEFAULT
                    .withConformance(choices.conformance())
                    .withDefaultNullCollation(choices.defaultNullCollation())
                    .withIdentifierExpansion(true)
                    .withTypeCoercionFactory(StoreAssignment::new)));
      }

      @Override
      protected RelNode decorrelate(SqlToRelConverter converter, SqlNode query, RelNode rel) {
        boolean reference = Session.of(context).reference();
        return Decorrelation.remove(reference ? rel : LateralSearches.insert(rel));
      }

      @Override
      protected Program getProgram() {
        return Session.of(context).reference() ? Planning.REFERENCE : Planning.PROGRAM;
      }

      @Override
      protected RelRoot optimize(
          RelRoot root,
          List<Materialization> materializations,
          List<CalciteSchema.LatticeEntry> lattices) {
        logical = root;
        RelNode query = change == null ? root.rel : change.lower(root.rel);
        RelNode scans = Snapshots.toScans(query);
        RelRoot plan =
            super.optimize(root.withRel(WideSums.widen(scans)), materializations, lattices);
        return Session.of(context).reference() ? plan : plan.withRel(KeyLookups.insert(plan.rel));
      }

      @Override
      protected PreparedResult implement(RelRoot root) {
        plan = new Plan(logical == null ? root : logical, root);
        RelNode exact = LineBreaks.keep(root.rel);
        return super.implement(root.withRel(Probes.insert(exact, analyze)));
      }
    };
  }
}
