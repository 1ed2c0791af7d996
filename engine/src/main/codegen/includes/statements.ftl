<#-- Position of the token that comes next. -->
JAVACODE SqlParserPos nextTokenPos() {
    Token next = getToken(1);
    return new SqlParserPos(next.beginLine, next.beginColumn, next.endLine, next.endColumn);
}

<#-- EXPLAIN ANALYZE query, and EXPLAIN query as a short form of EXPLAIN PLAN FOR query. -->
SqlNode BindExplain() :
{
    final SqlNode stmt;
    final Span s;
    final SqlParserPos start;
    boolean analyze = false;
}
{
    <EXPLAIN> { s = span(); }
    (
        <ANALYZE> { analyze = true; start = nextTokenPos(); } stmt = BindQueryOrDml()
    |
        LOOKAHEAD({ getToken(1).kind == PLAN && getToken(2).kind == FOR
            && QueryStart.isExtended(getToken(3).kind) })
        <PLAN> <FOR> { start = nextTokenPos(); } stmt = BindQueryOrDml()
    |
        LOOKAHEAD({ QueryStart.is(getToken(1).kind) }) { start = nextTokenPos(); } stmt = BindQueryOrDml()
    )
    {
        return analyze
            ? new SqlExplainAnalyze(s.end(stmt), stmt, start)
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

<#-- permute(vector, bits): PERMUTE is a word of MATCH_RECOGNIZE, so no ordinary function name. -->
SqlNode BindPermuteCall() :
{
    final Span s;
    final SqlIdentifier name;
    final List<SqlNode> args;
}
{
    <PERMUTE> { s = span(); name = new SqlIdentifier("permute", getPos()); }
    args = FunctionParameterList(ExprContext.ACCEPT_SUB_QUERY)
    {
        args.remove(0);
        return createCall(name, s.end(this), SqlFunctionCategory.USER_DEFINED_FUNCTION, null, args);
    }
}
