<#-- FROM 'file': a file as a table; the path is a name in a schema that is not listed. -->
SqlNode BindFileRef() : {}
{
    <QUOTED_STRING>
    {
        return new SqlIdentifier(
            Arrays.asList(SqlCopy.FILES, SqlParserUtil.parseString(token.image)), getPos());
    }
}

<#-- COPY t [(a, b)] FROM 'file' | COPY t [(a, b)] TO 'file' | COPY (query) TO 'file' [[WITH] (...)] -->
SqlNode BindCopy() :
{
    final Span s;
    SqlIdentifier table = null;
    SqlNodeList columnList = SqlNodeList.EMPTY;
    SqlNode query = null;
    SqlParserPos start = SqlParserPos.ZERO;
    SqlParserPos end = SqlParserPos.ZERO;
    boolean from = false;
    final SqlNode file;
    SqlNodeList optionList = SqlNodeList.EMPTY;
}
{
    <COPY> { s = span(); }
    (
        <LPAREN> { start = nextTokenPos(); }
        query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
        <RPAREN> { end = getPos(); }
        <TO>
    |
        table = CompoundIdentifier()
        [ columnList = ParenthesizedSimpleIdentifierList() ]
        ( <FROM> { from = true; } | <TO> )
    )
    file = StringLiteral()
    [ optionList = BindCopyOptions() ]
    {
        return from
            ? new SqlCopy.From(s.end(this), table, columnList, (SqlLiteral) file, optionList)
            : new SqlCopy.To(
                s.end(this), table, columnList, query, start, end, (SqlLiteral) file, optionList);
    }
}

<#-- [WITH] (FORMAT csv, HEADER, NULL 'x', delimiter = ';'): the spellings of Postgres and of WITH. -->
SqlNodeList BindCopyOptions() :
{
    final Span s;
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    ( <WITH> { s = span(); } <LPAREN> | <LPAREN> { s = span(); } )
    BindCopyOption(list) ( <COMMA> BindCopyOption(list) )*
    <RPAREN>
    { return new SqlNodeList(list, s.end(this)); }
}

void BindCopyOption(List<SqlNode> list) :
{
    final SqlIdentifier name;
    SqlNode value;
}
{
    (
        name = SimpleIdentifier()
    |
        ( <NULL> | <ESCAPE> ) { name = new SqlIdentifier(token.image, getPos()); }
    )
    { value = SqlLiteral.createBoolean(true, getPos()); }
    [
        [ <EQ> ]
        (
            value = Literal()
        |
            value = SimpleIdentifier()
        |
            <SKIP_> { value = new SqlIdentifier(token.image, getPos()); }
        )
    ]
    { list.add(SqlStdOperatorTable.EQUALS.createCall(name.getParserPosition(), name, value)); }
}
