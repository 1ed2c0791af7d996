package org.bindsql.parser;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The statements {@code SHOW VERSIONS}, {@code SHOW TAGS} and {@code SHOW BRANCHES FROM table}. */
public final class SqlShowHistory extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("SHOW", SqlKind.OTHER);

  private final String what;
  private final SqlIdentifier table;

  /**
   * Creates the statement.
   *
   * @param what {@code VERSIONS}, {@code TAGS} or {@code BRANCHES}, in any case
   */
  public SqlShowHistory(SqlParserPos pos, String what, SqlIdentifier table) {
    super(pos);
    this.what = what.toLowerCase(Locale.ROOT);
    this.table = table;
  }

  /** {@code versions}, {@code tags} or {@code branches}: a table of the schema {@code system}. */
  public String what() {
    return what;
  }

  /** The table. */
  public SqlIdentifier table() {
    return table;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(table);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("SHOW");
    writer.keyword(what.toUpperCase(Locale.ROOT));
    writer.keyword("FROM");
    table.unparse(writer, 0, 0);
  }
}
