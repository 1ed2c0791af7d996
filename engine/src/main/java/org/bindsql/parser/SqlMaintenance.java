package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The statements {@code OPTIMIZE table} and {@code VACUUM table}, with their options. */
public final class SqlMaintenance extends SqlCall {
  /** What is done to the table. */
  public enum Action {
    /** Merges small fragments, writes deletions out, brings indexes up to date. */
    OPTIMIZE,
    /** Removes old versions and the files that only they need. */
    VACUUM
  }

  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("MAINTENANCE", SqlKind.OTHER_DDL);

  private final Action action;
  private final SqlIdentifier table;
  private final SqlNodeList options;

  /**
   * Creates the statement.
   *
   * @param options equalities of an identifier and a value; may be empty
   */
  public SqlMaintenance(SqlParserPos pos, Action action, SqlIdentifier table, SqlNodeList options) {
    super(pos);
    this.action = action;
    this.table = table;
    this.options = options;
  }

  /** What is done. */
  public Action action() {
    return action;
  }

  /** The table. */
  public SqlIdentifier table() {
    return table;
  }

  /** The options: equalities of an identifier and a value. */
  public SqlNodeList options() {
    return options;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(table, options);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(action.name());
    table.unparse(writer, 0, 0);
    Unparse.options(writer, options);
  }
}
