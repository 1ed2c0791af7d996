<#-- FOR SYSTEM_TIME AS OF timestamp | FOR VERSION AS OF n | 'name', after a table's name. -->
SqlNode BindSnapshot(SqlNode tableRef) :
{
    final Span s;
    final SqlNode e;
    final String version;
}
{
    <FOR> { s = span(); }
    (
        <SYSTEM_TIME> <AS> <OF> e = Expression(ExprContext.ACCEPT_NON_QUERY)
        { return SqlTableVersion.asOf(tableRef, e, s.end(this)); }
    |
        <VERSION> <AS> <OF> version = BindVersion()
        { return SqlTableVersion.of(tableRef, version, s.end(this)); }
    )
}

<#-- The number of a version, or the name of a tag or branch as text. -->
String BindVersion() :
{
    final String name;
}
{
    <UNSIGNED_INTEGER_LITERAL> { return token.image; }
|
    name = SimpleStringLiteral() { return SqlTableVersion.named(name); }
}

<#-- The name of a tag or branch: an identifier or a text. -->
String BindRefName() :
{
    final SqlIdentifier id;
    final String name;
}
{
    id = SimpleIdentifier() { return id.getSimple(); }
|
    name = SimpleStringLiteral() { return name; }
}

<#-- A table, or a version of one: FOR VERSION AS OF, FOR SYSTEM_TIME AS OF, or FROM as in git. -->
SqlIdentifier BindTableVersion() :
{
    final SqlIdentifier table;
    final SqlNode version;
    final String name;
}
{
    table = CompoundIdentifier()
    (
        version = BindSnapshot(table) { return SqlTableVersion.constant(version); }
    |
        <FROM> name = BindTarget() { return SqlTableVersion.of(table, name, getPos()); }
    |
        { return table; }
    )
}

<#-- VERSION n | VERSION 'name' | TAG name | BRANCH name | TIMESTAMP '...' -->
String BindTarget() :
{
    final String name;
    final SqlNode time;
}
{
    <VERSION> name = BindVersion() { return name; }
|
    ( <TAG> | <BRANCH> ) name = BindRefName() { return SqlTableVersion.named(name); }
|
    time = Literal() { return SqlTableVersion.time(time); }
}

SqlCreate BindCreateTag(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final String name;
    final SqlIdentifier table;
}
{
    <TAG> ifNotExists = BindIfNotExists() name = BindRefName() <ON> table = BindTableVersion()
    { return new SqlCreateRef(s.end(this), false, replace, ifNotExists, name, table); }
}

SqlCreate BindCreateBranch(Span s, boolean replace) :
{
    final boolean ifNotExists;
    final String name;
    final SqlIdentifier table;
}
{
    <BRANCH> ifNotExists = BindIfNotExists() name = BindRefName() <ON> table = BindTableVersion()
    { return new SqlCreateRef(s.end(this), true, replace, ifNotExists, name, table); }
}

SqlDrop BindDropTag(Span s, boolean replace) :
{
    final boolean ifExists;
    final String name;
    final SqlIdentifier table;
}
{
    <TAG> ifExists = BindIfExists() name = BindRefName() <ON> table = CompoundIdentifier()
    { return new SqlDropRef(s.end(this), false, ifExists, name, table); }
}

SqlDrop BindDropBranch(Span s, boolean replace) :
{
    final boolean ifExists;
    final String name;
    final SqlIdentifier table;
}
{
    <BRANCH> ifExists = BindIfExists() name = BindRefName() <ON> table = CompoundIdentifier()
    { return new SqlDropRef(s.end(this), true, ifExists, name, table); }
}

<#-- RESTORE TABLE t TO target -->
SqlNode BindRestore() :
{
    final Span s;
    final SqlIdentifier table;
    final String version;
}
{
    <RESTORE> { s = span(); } <TABLE> table = CompoundIdentifier() <TO> version = BindTarget()
    { return new SqlRestoreTable(s.end(this), SqlTableVersion.of(table, version, getPos())); }
}

<#-- SHOW VERSIONS | TAGS | BRANCHES, FROM | ON | IN t -->
SqlNode BindShowHistory() :
{
    final Span s;
    final SqlIdentifier table;
}
{
    <SHOW> { s = span(); }
    ( <VERSIONS> | <TAGS> | <BRANCHES> ) { final String what = token.image; }
    ( <FROM> | <ON> | <IN> ) table = CompoundIdentifier()
    { return new SqlShowHistory(s.end(this), what, table); }
}
