<#-- EXPLAIN ANALYZE query, and EXPLAIN query as a short form of EXPLAIN PLAN FOR query. -->
SqlNode BindExplain() :
{
    final SqlNode stmt;
    final Span s;
    boolean analyze = false;
}
{
    <EXPLAIN> { s = span(); }
    [ LOOKAHEAD(1) <ANALYZE> { analyze = true; } ]
    stmt = SqlQueryOrDml()
    {
        return analyze
            ? new SqlExplainAnalyze(s.end(stmt), stmt)
            : new SqlExplain(s.end(stmt), stmt,
                SqlExplainLevel.EXPPLAN_ATTRIBUTES.symbol(SqlParserPos.ZERO),
                SqlExplain.Depth.PHYSICAL.symbol(SqlParserPos.ZERO),
                SqlExplainFormat.TEXT.symbol(SqlParserPos.ZERO), nDynamicParams);
    }
}

SqlNode BindShow() :
{
    final Span s;
    SqlIdentifier schema = null;
}
{
    <SHOW> { s = span(); }
    <TABLES>
    [ ( <FROM> | <IN> ) schema = CompoundIdentifier() ]
    { return new SqlShowTables(s.end(this), schema); }
}

boolean BindIfNotExists() : {}
{
    <IF> <NOT> <EXISTS> { return true; }
|
    { return false; }
}

boolean BindIfExists() : {}
{
    <IF> <EXISTS> { return true; }
|
    { return false; }
}

SqlCreate BindCreateTable(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier id;
    final SqlNode query;
}
{
    <TABLE> ifNotExists = BindIfNotExists() id = CompoundIdentifier()
    <AS> query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    {
        return SqlDdlNodes.createTable(s.end(this), replace, ifNotExists, id, null, query);
    }
}

SqlDrop BindDropTable(Span s, boolean replace) :
{
    final boolean ifExists;
    final SqlIdentifier id;
}
{
    <TABLE> ifExists = BindIfExists() id = CompoundIdentifier()
    {
        return SqlDdlNodes.dropTable(s.end(this), ifExists, id);
    }
}
