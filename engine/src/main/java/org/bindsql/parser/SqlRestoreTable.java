package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The statement {@code RESTORE TABLE table TO version}. */
public final class SqlRestoreTable extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("RESTORE TABLE", SqlKind.OTHER_DDL);

  private final SqlTableVersion target;

  /** Creates the statement that makes a version the newest again. */
  public SqlRestoreTable(SqlParserPos pos, SqlTableVersion target) {
    super(pos);
    this.target = target;
  }

  /** The table, as the statement names it, with the version. */
  public SqlTableVersion target() {
    return target;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(target);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("RESTORE TABLE");
    target.unparseTable(writer);
    writer.keyword("TO");
    target.unparseVersion(writer);
  }
}
