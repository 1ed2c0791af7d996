package org.bindsql.parser;

import java.util.List;
import java.util.Locale;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The statements {@code SHOW SECRETS} and {@code SHOW ATTACHED}. */
public final class SqlShowStorage extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("SHOW", SqlKind.OTHER);

  private final String table;

  /** Creates the statement that shows a table of the schema {@code system}. */
  public SqlShowStorage(SqlParserPos pos, String table) {
    super(pos);
    this.table = table;
  }

  /** The table of the schema {@code system}. */
  public String table() {
    return table;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of();
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("SHOW " + table.toUpperCase(Locale.ROOT));
  }
}
