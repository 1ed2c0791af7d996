<#-- CREATE VIEW, with the query's column names or others. -->
SqlCreate BindCreateView(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier id;
    SqlNodeList columns = null;
    final SqlNode query;
    final SqlParserPos start;
}
{
    <VIEW> ifNotExists = BindIfNotExists() id = CompoundIdentifier()
    [ columns = ParenthesizedSimpleIdentifierList() ]
    <AS> { start = nextTokenPos(); }
    query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    {
        return new SqlViewDefinition(s.end(this), replace, ifNotExists, id, columns, query, start);
    }
}

SqlDrop BindDropView(Span s, boolean replace) :
{
    final boolean ifExists;
    final SqlIdentifier id;
}
{
    <VIEW> ifExists = BindIfExists() id = CompoundIdentifier()
    { return SqlDdlNodes.dropView(s.end(this), ifExists, id); }
}

SqlCreate BindCreateSchema(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier id;
}
{
    <SCHEMA> ifNotExists = BindIfNotExists() id = SimpleIdentifier()
    { return SqlDdlNodes.createSchema(s.end(this), replace, ifNotExists, id); }
}

SqlDrop BindDropSchema(Span s, boolean replace) :
{
    final boolean ifExists;
    final SqlIdentifier id;
    boolean cascade = false;
}
{
    <SCHEMA> ifExists = BindIfExists() id = SimpleIdentifier()
    [ <CASCADE> { cascade = true; } | <RESTRICT> ]
    { return new SqlSchemaDrop(s.end(this), ifExists, id, cascade); }
}

SqlNode BindShowCreate() :
{
    final Span s;
    final boolean view;
    final SqlIdentifier id;
}
{
    <SHOW> { s = span(); } <CREATE> ( <TABLE> { view = false; } | <VIEW> { view = true; } )
    id = CompoundIdentifier()
    { return new SqlShowCreate(s.end(this), id, view); }
}
