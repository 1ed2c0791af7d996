<#-- A word that is none of the grammar's, so that every table may be called by it. -->
void BindWord(String word) :
{
}
{
    <IDENTIFIER> {
        if (!token.image.equalsIgnoreCase(word)) {
            throw new ParseException("Encountered \"" + token.image + "\" at line "
                + token.beginLine + ", column " + token.beginColumn + ". Was expecting: " + word);
        }
    }
}

<#-- INSERT, also with ON CONFLICT. -->
SqlNode BindInsert() :
{
    final SqlInsert insert;
    SqlNodeList keys = null;
    SqlUpdate update = null;
    final SqlNode stmt;
}
{
    stmt = SqlInsert() { insert = (SqlInsert) stmt; }
    [
        <ON> BindWord("CONFLICT")
        [ keys = ParenthesizedSimpleIdentifierList() ]
        BindWord("DO") ( BindWord("NOTHING") | update = BindSet(insert.getTargetTable(), true) )
        { return new SqlInsertOnConflict(span().addAll(List.of(stmt)).end(this), insert, keys, update); }
    ]
    { return stmt; }
}

<#-- UPDATE SET assignments, after ON CONFLICT with a condition. -->
SqlUpdate BindSet(SqlNode table, boolean conditional) :
{
    final Span s;
    SqlIdentifier id;
    final SqlNodeList columns = new SqlNodeList(SqlParserPos.ZERO);
    final SqlNodeList values = new SqlNodeList(SqlParserPos.ZERO);
    SqlNode where = null;
}
{
    <UPDATE> { s = span(); } <SET>
    id = CompoundIdentifier() { columns.add(id); }
    <EQ> AddExpression(values, ExprContext.ACCEPT_SUB_QUERY)
    (
        <COMMA> id = CompoundIdentifier() { columns.add(id); }
        <EQ> AddExpression(values, ExprContext.ACCEPT_SUB_QUERY)
    )*
    [ LOOKAHEAD({ conditional && getToken(1).kind == WHERE }) where = Where() ]
    { return new SqlUpdate(s.end(this), table, columns, values, where, null, null); }
}

SqlNode BindMerge() :
{
    final Span s;
    final SqlIdentifier name;
    SqlNode table;
    SqlIdentifier alias = null;
    final SqlNode source;
    final SqlNode condition;
    final List<SqlNode> clauses = new ArrayList<SqlNode>();
    SqlMergeClause clause;
}
{
    <MERGE> { s = span(); } <INTO> name = CompoundTableIdentifier() { table = name; }
    [ table = ExtendTable(table) ]
    [ [ <AS> ] alias = SimpleIdentifier() ]
    <USING> source = TableRef()
    <ON> condition = Expression(ExprContext.ACCEPT_SUB_QUERY)
    ( clause = BindMergeClause(table) { clauses.add(clause); } )+
    {
        return new SqlMergeInto(s.end(this), table, alias, source, condition,
            new SqlNodeList(clauses, s.end(this)));
    }
}

SqlMergeClause BindMergeClause(SqlNode table) :
{
    final Span s;
    SqlMergeClause.When when = SqlMergeClause.When.MATCHED;
    SqlNode condition = null;
    SqlNode action = null;
    SqlNodeList columns = null;
    final SqlNode values;
}
{
    <WHEN> { s = span(); }
    [
        <NOT> { when = SqlMergeClause.When.NOT_MATCHED; }
    ]
    <MATCHED>
    [
        LOOKAHEAD({ getToken(1).kind == BY && when == SqlMergeClause.When.NOT_MATCHED })
        <BY> ( <SOURCE> { when = SqlMergeClause.When.NOT_MATCHED_BY_SOURCE; } | BindWord("TARGET") )
    ]
    [ <AND> condition = Expression(ExprContext.ACCEPT_SUB_QUERY) ]
    <THEN>
    (
        BindWord("DO") BindWord("NOTHING")
    |
        LOOKAHEAD({ when != SqlMergeClause.When.NOT_MATCHED })
        ( <DELETE> { action = new SqlDelete(getPos(), table, null, null, null); }
        | action = BindSet(table, false) )
    |
        LOOKAHEAD({ when == SqlMergeClause.When.NOT_MATCHED })
        <INSERT> { final Span i = span(); }
        [ LOOKAHEAD(2) columns = ParenthesizedSimpleIdentifierList() ]
        <VALUES> { final Span v = span(); } values = RowConstructor()
        {
            action = new SqlInsert(i.end(this), SqlNodeList.EMPTY, table,
                SqlStdOperatorTable.VALUES.createCall(v.end(this), values), columns);
        }
    )
    { return new SqlMergeClause(s.end(this), when, condition, action); }
}

SqlNode BindQueryOrDml() :
{
    final SqlNode stmt;
}
{
    ( LOOKAHEAD({ getToken(1).kind == INSERT }) stmt = BindInsert()
    | LOOKAHEAD({ getToken(1).kind == MERGE }) stmt = BindMerge()
    | stmt = SqlQueryOrDml() )
    { return stmt; }
}
