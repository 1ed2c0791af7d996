package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** BEGIN, COMMIT, ROLLBACK [TO SAVEPOINT name], SAVEPOINT name and RELEASE SAVEPOINT name. */
public final class SqlTransaction extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("TRANSACTION", SqlKind.OTHER);

  /** What is done. */
  public enum Verb {
    /** A transaction begins. */
    BEGIN("BEGIN"),
    /** It ends, and its changes are made. */
    COMMIT("COMMIT"),
    /** It ends, and nothing has changed. */
    ROLLBACK("ROLLBACK"),
    /** A point of it is marked. */
    SAVEPOINT("SAVEPOINT"),
    /** What was done after a point is undone. */
    ROLLBACK_TO("ROLLBACK TO SAVEPOINT"),
    /** A point is forgotten. */
    RELEASE("RELEASE SAVEPOINT");

    private final String sql;

    Verb(String sql) {
      this.sql = sql;
    }
  }

  private final Verb verb;
  private final boolean readOnly;
  private final @Nullable SqlIdentifier savepoint;

  /**
   * Creates a statement.
   *
   * @param readOnly whether the transaction that begins refuses to write
   * @param savepoint the savepoint's name, if the verb is about one
   */
  public SqlTransaction(
      SqlParserPos pos, Verb verb, boolean readOnly, @Nullable SqlIdentifier savepoint) {
    super(pos);
    this.verb = verb;
    this.readOnly = readOnly;
    this.savepoint = savepoint;
  }

  /** What is done. */
  public Verb verb() {
    return verb;
  }

  /** Whether the transaction that begins refuses to write. */
  public boolean readOnly() {
    return readOnly;
  }

  /** The savepoint's name; empty if the statement is not about one. */
  public String savepoint() {
    return savepoint == null ? "" : savepoint.getSimple();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return savepoint == null ? List.of() : List.of(savepoint);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(verb.sql);
    if (readOnly) {
      writer.keyword("READ ONLY");
    }
    if (savepoint != null) {
      savepoint.unparse(writer, 0, 0);
    }
  }
}
