<#-- CREATE [OR REPLACE] INDEX [IF NOT EXISTS] name ON table [USING kind] (column) [USING kind] [WITH (...)] -->
SqlCreate BindCreateIndex(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final SqlIdentifier table;
    final List<SqlNode> columns = new ArrayList<SqlNode>();
    SqlNode column;
    SqlIdentifier kind = null;
    SqlNodeList optionList = SqlNodeList.EMPTY;
}
{
    <INDEX> ifNotExists = BindIfNotExists() name = SimpleIdentifier()
    <ON> table = CompoundIdentifier()
    [ <USING> kind = SimpleIdentifier() ]
    <LPAREN>
    column = CompoundIdentifier() { columns.add(column); }
    ( <COMMA> column = CompoundIdentifier() { columns.add(column); } )*
    <RPAREN>
    [ <USING> kind = SimpleIdentifier() ]
    [ optionList = BindOptions() ]
    {
        return new SqlCreateIndex(s.end(this), replace, ifNotExists, name, table,
            new SqlNodeList(columns, columns.get(0).getParserPosition()), kind, optionList);
    }
}

SqlDrop BindDropIndex(Span s, boolean replace) :
{
    final boolean ifExists;
    final SqlIdentifier name;
    final SqlIdentifier table;
}
{
    <INDEX> ifExists = BindIfExists() name = SimpleIdentifier() <ON> table = CompoundIdentifier()
    { return new SqlDropIndex(s.end(this), ifExists, name, table); }
}

SqlNode BindShowIndexes() :
{
    final Span s;
    SqlIdentifier table = null;
}
{
    <SHOW> { s = span(); } <INDEXES>
    [ ( <ON> | <FROM> | <IN> ) table = CompoundIdentifier() ]
    { return new SqlShowIndexes(s.end(this), table); }
}

SqlNode BindAlterIndex() :
{
    final Span s;
    final SqlIdentifier name;
    final SqlIdentifier table;
    SqlNodeList optionList = SqlNodeList.EMPTY;
}
{
    <ALTER> { s = span(); } <INDEX> name = SimpleIdentifier() <ON> table = CompoundIdentifier()
    <OPTIMIZE>
    [ optionList = BindOptions() ]
    { return new SqlOptimizeIndex(s.end(this), name, table, optionList); }
}
