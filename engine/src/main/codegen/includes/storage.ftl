<#-- ATTACH [IF NOT EXISTS] 'path or URI' AS name [[WITH] (option value, ...)] [READ ONLY] -->
SqlNode BindAttach() :
{
    final Span s;
    final boolean ifNotExists;
    final SqlNode place;
    final SqlIdentifier name;
    SqlNodeList optionList = SqlNodeList.EMPTY;
    boolean readOnly = false;
}
{
    <ATTACH> { s = span(); }
    ifNotExists = BindIfNotExists()
    place = StringLiteral() <AS> name = SimpleIdentifier()
    [ [ <WITH> ] optionList = BindStorageOptions() ]
    [ <READ> <ONLY> { readOnly = true; } ]
    { return new SqlAttach(s.end(this), ifNotExists, place, name, optionList, readOnly); }
}

SqlNode BindDetach() :
{
    final Span s;
    final boolean ifExists;
    final SqlIdentifier name;
}
{
    <DETACH> { s = span(); } ifExists = BindIfExists() name = SimpleIdentifier()
    { return new SqlDetach(s.end(this), ifExists, name); }
}

<#-- (option value, option = value, flag, ...) -->
SqlNodeList BindStorageOptions() :
{
    final Span s;
    final List<SqlNode> optionList = new ArrayList<SqlNode>();
}
{
    <LPAREN> { s = span(); }
    BindStorageOption(optionList) ( <COMMA> BindStorageOption(optionList) )*
    <RPAREN>
    { return new SqlNodeList(optionList, s.end(this)); }
}

void BindStorageOption(List<SqlNode> optionList) :
{
    final Span s;
    SqlIdentifier name;
    SqlNode text;
    SqlNode value = null;
}
{
    (
        name = CompoundIdentifier()
    |
        text = StringLiteral()
        { name = new SqlIdentifier(((SqlLiteral) text).getValueAs(String.class), text.getParserPosition()); }
    )
    { s = Span.of(name); }
    [ [ <EQ> ] ( value = Literal() | value = SimpleIdentifier() ) ]
    {
        if (value == null) {
            value = SqlLiteral.createBoolean(true, getPos());
        }
        optionList.add(SqlStdOperatorTable.EQUALS.createCall(s.end(value), name, value));
    }
}

SqlCreate BindCreateSecret(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier name;
    final SqlNodeList optionList;
}
{
    <SECRET> ifNotExists = BindIfNotExists() name = SimpleIdentifier()
    optionList = BindStorageOptions()
    { return new SqlCreateSecret(s.end(this), replace, ifNotExists, name, optionList); }
}

SqlDrop BindDropSecret(Span s, boolean replace) :
{
    final boolean ifExists;
    final SqlIdentifier name;
}
{
    <SECRET> ifExists = BindIfExists() name = SimpleIdentifier()
    { return new SqlDropSecret(s.end(this), ifExists, name); }
}

SqlNode BindShowStorage() :
{
    final Span s;
}
{
    <SHOW> { s = span(); }
    (
        <SECRETS> { return new SqlShowStorage(s.end(this), "secrets"); }
    |
        <ATTACHED> { return new SqlShowStorage(s.end(this), "attached"); }
    )
}
