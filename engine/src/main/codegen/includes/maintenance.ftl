<#-- OPTIMIZE table [WITH (...)] and VACUUM [LANCE] table [WITH (...)] -->
SqlNode BindMaintenance() :
{
    final Span s;
    SqlMaintenance.Action action;
    final SqlIdentifier table;
    SqlNodeList optionList = SqlNodeList.EMPTY;
}
{
    (
        <OPTIMIZE> { s = span(); action = SqlMaintenance.Action.OPTIMIZE; }
    |
        <VACUUM> { s = span(); action = SqlMaintenance.Action.VACUUM; }
        [ LOOKAHEAD(<LANCE> CompoundIdentifier()) <LANCE> ]
    )
    table = CompoundIdentifier()
    [ optionList = BindOptions() ]
    { return new SqlMaintenance(s.end(this), action, table, optionList); }
}
