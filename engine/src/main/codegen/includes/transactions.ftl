SqlNode BindTransaction() :
{
    final Span s;
    boolean readOnly = false;
    SqlIdentifier name = null;
    SqlTransaction.Verb verb;
}
{
    (
        ( <BEGIN> { s = span(); } [ <TRANSACTION> | <WORK> ]
        | <START> { s = span(); } <TRANSACTION> )
        { verb = SqlTransaction.Verb.BEGIN; }
        [ <READ> ( <ONLY> { readOnly = true; } | <WRITE> ) ]
    |
        <COMMIT> { s = span(); verb = SqlTransaction.Verb.COMMIT; } [ <TRANSACTION> | <WORK> ]
    |
        <ROLLBACK> { s = span(); verb = SqlTransaction.Verb.ROLLBACK; } [ <TRANSACTION> | <WORK> ]
        [
            <TO> [ LOOKAHEAD(2) <SAVEPOINT> ] name = SimpleIdentifier()
            { verb = SqlTransaction.Verb.ROLLBACK_TO; }
        ]
    |
        <SAVEPOINT> { s = span(); verb = SqlTransaction.Verb.SAVEPOINT; } name = SimpleIdentifier()
    |
        <RELEASE> { s = span(); verb = SqlTransaction.Verb.RELEASE; }
        [ LOOKAHEAD(2) <SAVEPOINT> ] name = SimpleIdentifier()
    )
    { return new SqlTransaction(s.end(this), verb, readOnly, name); }
}
