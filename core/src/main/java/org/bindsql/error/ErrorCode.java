package org.bindsql.error;

/** Kinds of failure a statement can end in, each with its SQLState. */
public enum ErrorCode {
  /** A statement, or a JSON predicate, that does not parse. */
  SYNTAX("42601"),
  /** A parameter has no value. */
  UNBOUND_PARAMETER("07001"),
  NO_SUCH_TABLE("42P01"),
  NO_SUCH_SCHEMA("3F000"),
  SCHEMA_EXISTS("42P06"),
  TABLE_EXISTS("42P07"),
  NO_SUCH_COLUMN("42703"),
  /** An index, or another object of a table that is neither a column nor a function. */
  NO_SUCH_OBJECT("42704"),
  /** A tag or branch of a name that is taken. */
  OBJECT_EXISTS("42710"),
  /** Something that other things need cannot go. */
  DEPENDENT_OBJECTS("2BP01"),
  /** Something that a running statement uses cannot go. */
  OBJECT_IN_USE("55006"),
  NO_SUCH_FUNCTION("42883"),
  TYPE_MISMATCH("42804"),
  /** An argument outside a function's domain: wrong length, unknown key, negative limit. */
  BAD_ARGUMENT("22023"),
  OUT_OF_RANGE("22003"),
  /** Text that does not denote a value of the wanted type. */
  BAD_TEXT("22P02"),
  DUPLICATE_KEY("23505"),
  NULL_NOT_ALLOWED("23502"),
  /** A row that a MERGE or an ON CONFLICT would change twice. */
  CARDINALITY_VIOLATION("21000"),
  /** A statement that the transaction under way does not allow, or none is under way. */
  TRANSACTION_STATE("25000"),
  READ_ONLY("25006"),
  NO_SUCH_SAVEPOINT("3B001"),
  /** A lost race with another writer; retrying the statement may succeed. */
  SERIALIZATION_FAILURE("40001"),
  NOT_ALLOWED("42501"),
  /** A configured or built-in bound (rows, memory, addresses) is exhausted. */
  LIMIT_REACHED("53400"),
  /** A statement with more, or deeper, than can be planned. */
  TOO_COMPLEX("54001"),
  CANCELLED("57014"),
  DATA_CORRUPTED("XX001"),
  /** A disk or an object store that does not answer, or answers with a failure of its own. */
  IO_ERROR("58030"),
  NOT_SUPPORTED("0A000"),
  /** A bug of the engine, not of the statement. */
  INTERNAL("XX000");

  private final String sqlState;

  ErrorCode(String sqlState) {
    this.sqlState = sqlState;
  }

  /** The five-character SQLState that JDBC callers see. */
  public String sqlState() {
    return sqlState;
  }
}
