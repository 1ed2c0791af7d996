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

/** The statement {@code SHOW CREATE TABLE | VIEW name}. */
public final class SqlShowCreate extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("SHOW CREATE", SqlKind.OTHER);

  private final SqlIdentifier name;
  private final boolean view;

  /** Creates the statement for a table, or for a view. */
  public SqlShowCreate(SqlParserPos pos, SqlIdentifier name, boolean view) {
    super(pos);
    this.name = name;
    this.view = view;
  }

  /** The table or view. */
  public SqlIdentifier name() {
    return name;
  }

  /** Whether a view is wanted. */
  public boolean isView() {
    return view;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(view ? "SHOW CREATE VIEW" : "SHOW CREATE TABLE");
    name.unparse(writer, 0, 0);
  }
}
