<#-- WITH (name = value, ...): options of a statement. Names are words, or quoted as text. -->
SqlNodeList BindOptions() :
{
    final Span s;
    final List<SqlNode> optionList = new ArrayList<SqlNode>();
}
{
    <WITH> { s = span(); }
    <LPAREN>
    BindOption(optionList) ( <COMMA> BindOption(optionList) )*
    <RPAREN>
    { return new SqlNodeList(optionList, s.end(this)); }
}

void BindOption(List<SqlNode> optionList) :
{
    final Span s;
    SqlIdentifier name;
    SqlNode text;
    SqlNode value;
}
{
    (
        name = CompoundIdentifier()
    |
        text = StringLiteral()
        { name = new SqlIdentifier(((SqlLiteral) text).getValueAs(String.class), text.getParserPosition()); }
    )
    { s = Span.of(name); }
    <EQ>
    ( value = Literal() | value = SimpleIdentifier() )
    { optionList.add(SqlStdOperatorTable.EQUALS.createCall(s.end(value), name, value)); }
}
