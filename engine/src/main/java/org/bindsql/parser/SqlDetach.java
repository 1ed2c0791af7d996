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

/** The statement {@code DETACH [IF EXISTS] name}. */
public final class SqlDetach extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("DETACH", SqlKind.OTHER_DDL);

  private final boolean ifExists;
  private final SqlIdentifier name;

  /** Creates the statement. */
  public SqlDetach(SqlParserPos pos, boolean ifExists, SqlIdentifier name) {
    super(pos);
    this.ifExists = ifExists;
    this.name = name;
  }

  /** Whether there need be no such schema. */
  public boolean ifExists() {
    return ifExists;
  }

  /** The schema's name. */
  public String name() {
    return name.getSimple();
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
    writer.keyword(ifExists ? "DETACH IF EXISTS" : "DETACH");
    name.unparse(writer, 0, 0);
  }
}
