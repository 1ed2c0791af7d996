package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlDrop;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The statement {@code DROP SECRET [IF EXISTS] name}. */
public final class SqlDropSecret extends SqlDrop {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("DROP SECRET", SqlKind.OTHER_DDL);

  private final SqlIdentifier name;

  /** Creates the statement. */
  public SqlDropSecret(SqlParserPos pos, boolean ifExists, SqlIdentifier name) {
    super(OPERATOR, pos, ifExists);
    this.name = name;
  }

  /** Whether there need be no such secret. */
  public boolean ifExists() {
    return ifExists;
  }

  /** The secret's name. */
  public String name() {
    return name.getSimple();
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(ifExists ? "DROP SECRET IF EXISTS" : "DROP SECRET");
    name.unparse(writer, 0, 0);
  }
}
