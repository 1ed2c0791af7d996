<#-- ALTER TABLE with one change. -->
SqlNode BindAlterTable() :
{
    final Span s;
    final SqlIdentifier table;
    final SqlAlterTable.Change change;
    boolean ifExists = false;
}
{
    <ALTER> { s = span(); } <TABLE>
    ifExists = BindIfExists()
    table = CompoundIdentifier()
    (
        change = BindAddColumn()
    |
        change = BindDropColumn()
    |
        <RENAME> change = BindRename()
    |
        <ALTER> [ <COLUMN> ] change = BindAlterColumn()
    )
    { return new SqlAlterTable(s.end(this), table, ifExists, change); }
}

SqlAlterTable.Change BindAddColumn() :
{
    final boolean ifNotExists;
    final List<SqlNode> elements = new ArrayList<SqlNode>();
    SqlNode value = null;
}
{
    <ADD> [ <COLUMN> ] ifNotExists = BindIfNotExists()
    BindColumnDefinition(elements)
    [ <AS> <LPAREN> value = Expression(ExprContext.ACCEPT_SUB_QUERY) <RPAREN> ]
    { return new SqlAlterTable.AddColumn(elements, ifNotExists, value); }
}

SqlAlterTable.Change BindDropColumn() :
{
    final boolean ifExists;
    final SqlIdentifier name;
}
{
    <DROP> [ <COLUMN> ] ifExists = BindIfExists() name = SimpleIdentifier()
    { return new SqlAlterTable.DropColumn(name, ifExists); }
}

SqlAlterTable.Change BindRename() :
{
    final SqlIdentifier name;
    final SqlIdentifier to;
}
{
    <TO> to = SimpleIdentifier() { return new SqlAlterTable.RenameTable(to); }
|
    [ <COLUMN> ] name = SimpleIdentifier() <TO> to = SimpleIdentifier()
    { return new SqlAlterTable.RenameColumn(name, to); }
}

SqlAlterTable.Change BindAlterColumn() :
{
    final SqlIdentifier name;
    final SqlDataTypeSpec type;
}
{
    name = SimpleIdentifier()
    (
        LOOKAHEAD(2) <SET> <NOT> <NULL> { return new SqlAlterTable.SetNullable(name, false); }
    |
        <DROP> <NOT> <NULL> { return new SqlAlterTable.SetNullable(name, true); }
    |
        ( <SET> <DATA> <TYPE> | <TYPE> ) type = BindDataType()
        { return new SqlAlterTable.SetType(name, type); }
    )
}

SqlTruncate BindTruncateTable(Span s) :
{
    final SqlIdentifier table;
}
{
    <TABLE> table = CompoundIdentifier()
    { return new SqlTruncateTable(s.end(this), table, false); }
}

SqlNode BindComment() :
{
    final Span s;
    final boolean column;
    final SqlIdentifier name;
    SqlNode text = null;
}
{
    <COMMENT> { s = span(); } <ON>
    ( <TABLE> { column = false; } | <COLUMN> { column = true; } )
    name = CompoundIdentifier()
    <IS>
    ( text = StringLiteral() | <NULL> )
    { return new SqlComment(s.end(this), column, name, text); }
}
