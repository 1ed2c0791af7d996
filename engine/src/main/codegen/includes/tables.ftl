<#-- CREATE TABLE with columns, with a query, or with both. -->
SqlCreate BindCreateTable(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final SqlIdentifier id;
    SqlNodeList elements = null;
    SqlNode comment = null;
    SqlNodeList pairs = SqlNodeList.EMPTY;
    SqlNode query = null;
    SqlParserPos start = SqlParserPos.ZERO;
}
{
    <TABLE> ifNotExists = BindIfNotExists() id = CompoundIdentifier()
    (
        elements = BindTableElements()
        [ <COMMENT> comment = StringLiteral() ]
        [ pairs = BindOptions() ]
        [ <AS> { start = nextTokenPos(); } query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY) ]
    |
        [ <COMMENT> comment = StringLiteral() ]
        [ pairs = BindOptions() ]
        <AS> { start = nextTokenPos(); } query = OrderedQueryOrExpr(ExprContext.ACCEPT_QUERY)
    )
    {
        return new SqlTableDefinition(s.end(this), replace, ifNotExists, id, elements, comment,
            pairs, query, start);
    }
}

SqlNodeList BindTableElements() :
{
    final Span s;
    final List<SqlNode> list = new ArrayList<SqlNode>();
}
{
    <LPAREN> { s = span(); }
    BindTableElement(list)
    ( <COMMA> BindTableElement(list) )*
    <RPAREN>
    { return new SqlNodeList(list, s.end(this)); }
}

void BindTableElement(List<SqlNode> list) :
{
    final Span s;
    final SqlNodeList columns;
    final boolean enforced;
}
{
    <PRIMARY> { s = span(); } <KEY> columns = ParenthesizedSimpleIdentifierList()
    enforced = BindEnforced()
    { list.add(SqlTableConstraint.primaryKey(s.end(this), columns, enforced)); }
|
    <UNIQUE> { s = span(); } columns = ParenthesizedSimpleIdentifierList()
    { list.add(SqlTableConstraint.unsupported(s.end(this), "UNIQUE")); }
|
    BindCheck(list)
|
    <FOREIGN> { s = span(); } <KEY> ParenthesizedSimpleIdentifierList()
    <REFERENCES> CompoundIdentifier() [ ParenthesizedSimpleIdentifierList() ]
    { list.add(SqlTableConstraint.unsupported(s.end(this), "FOREIGN KEY")); }
|
    BindColumnDefinition(list)
}

<#-- A column, and after it the constraints that are written with it. -->
void BindColumnDefinition(List<SqlNode> list) :
{
    final Span s;
    final SqlIdentifier name;
    final List<SqlNode> constraints = new ArrayList<SqlNode>();
    SqlDataTypeSpec type = null;
    Boolean nullable = null;
    SqlNode value = null;
    SqlNode comment = null;
    boolean enforced;
}
{
    name = SimpleIdentifier() { s = span(); }
    [ LOOKAHEAD({ ColumnType.startsWith(getToken(1).kind) }) type = BindDataType() ]
    (
        <NOT> <NULL> { nullable = false; }
    |
        <NULL> { nullable = true; }
    |
        <DEFAULT_> value = Expression(ExprContext.ACCEPT_NON_QUERY)
    |
        <PRIMARY> <KEY> enforced = BindEnforced()
        {
            constraints.add(SqlTableConstraint.primaryKey(getPos(),
                new SqlNodeList(Collections.singletonList(name), getPos()), enforced));
        }
    |
        <UNIQUE> { constraints.add(SqlTableConstraint.unsupported(getPos(), "UNIQUE")); }
    |
        BindCheck(constraints)
    |
        <REFERENCES> { constraints.add(SqlTableConstraint.unsupported(getPos(), "REFERENCES")); }
        CompoundIdentifier() [ ParenthesizedSimpleIdentifierList() ]
    |
        <COMMENT> comment = StringLiteral()
    )*
    {
        list.add(new SqlColumnDefinition(s.end(this), name, type, nullable, value, comment));
        list.addAll(constraints);
    }
}

void BindCheck(List<SqlNode> list) :
{
    final Span s;
}
{
    <CHECK> { s = span(); } <LPAREN> Expression(ExprContext.ACCEPT_NON_QUERY) <RPAREN>
    { list.add(SqlTableConstraint.unsupported(s.end(this), "CHECK")); }
}

boolean BindEnforced() : {}
{
    <ENFORCED> { return true; }
|
    LOOKAHEAD(2) <NOT> <ENFORCED> { return false; }
|
    { return false; }
}

<#-- The type of a stored column: Calcite's types, arrays of fixed size, rows whose fields may be
     NULL unless they are NOT NULL, and unsigned whole numbers. -->
SqlDataTypeSpec BindDataType() :
{
    SqlTypeNameSpec type;
    final Span s;
    int size;
}
{
    type = BindTypeName() { s = Span.of(type.getParserPos()); }
    (
        <ARRAY> { size = -1; }
        [
            LOOKAHEAD(2)
            (
                <LPAREN> size = UnsignedIntLiteral() <RPAREN>
            |
                <LBRACKET> size = UnsignedIntLiteral() <RBRACKET>
            )
        ]
        { type = new SqlArrayTypeNameSpec(type, size, getPos()); }
    |
        <LBRACKET> { size = -1; } [ size = UnsignedIntLiteral() ] <RBRACKET>
        { type = new SqlArrayTypeNameSpec(type, size, getPos()); }
    )*
    { return new SqlDataTypeSpec(type, s.add(getPos()).pos()); }
}

SqlTypeNameSpec BindTypeName() :
{
    final Span s;
    final SqlTypeNameSpec type;
    final SqlDataTypeSpec first;
    final SqlDataTypeSpec second;
    final List<SqlIdentifier> names = new ArrayList<SqlIdentifier>();
    final List<SqlDataTypeSpec> types = new ArrayList<SqlDataTypeSpec>();
    final int size;
    final String unsigned;
}
{
    LOOKAHEAD(2)
    <ROW> { s = span(); } <LPAREN>
    BindRowField(names, types) ( <COMMA> BindRowField(names, types) )*
    <RPAREN>
    { return new SqlRowTypeNameSpec(s.end(this), names, types); }
|
    <ARRAY> { s = span(); } <LT> first = BindDataType() <GT>
    { return new SqlArrayTypeNameSpec(first.getTypeNameSpec(), -1, s.end(this)); }
|
    LOOKAHEAD(2)
    <MAP> { s = span(); } <LT> first = BindDataType() <COMMA> second = BindDataType() <GT>
    { return new SqlMapTypeNameSpec(first, second, s.end(this)); }
|
    LOOKAHEAD(2)
    <VECTOR> { s = span(); } <LPAREN> size = UnsignedIntLiteral() <RPAREN>
    {
        return new SqlArrayTypeNameSpec(
            new SqlBasicTypeNameSpec(SqlTypeName.REAL, s.pos()), size, s.end(this));
    }
|
    LOOKAHEAD(2)
    (
        <TINYINT> { unsigned = "UTINYINT"; }
    |
        <SMALLINT> { unsigned = "USMALLINT"; }
    |
        ( <INTEGER> | <INT> ) { unsigned = "UINTEGER"; }
    |
        <BIGINT> { unsigned = "UBIGINT"; }
    )
    { s = span(); } <UNSIGNED>
    { return new SqlUserDefinedTypeNameSpec(unsigned, s.end(this)); }
|
    <BLOB> { return new SqlBasicTypeNameSpec(SqlTypeName.VARBINARY, getPos()); }
|
    <CLOB> { return new SqlBasicTypeNameSpec(SqlTypeName.VARCHAR, getPos()); }
|
    type = TypeName() { return type; }
}

void BindRowField(List<SqlIdentifier> names, List<SqlDataTypeSpec> types) :
{
    final SqlIdentifier name;
    SqlDataTypeSpec type;
}
{
    name = SimpleIdentifier() type = BindDataType()
    [ <NOT> <NULL> { type = type.withNullable(false); } | <NULL> ]
    { names.add(name); types.add(type); }
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
