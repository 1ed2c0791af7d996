package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * The statement {@code CREATE [OR REPLACE] SECRET [IF NOT EXISTS] name (option value, ...)}.
 * Written out again it does not show the values.
 */
public final class SqlCreateSecret extends SqlCreate {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("CREATE SECRET", SqlKind.OTHER_DDL);

  private final SqlIdentifier name;
  private final SqlNodeList options;

  /**
   * Creates the statement.
   *
   * @param name of one part
   * @param options equalities of an identifier and a value
   */
  public SqlCreateSecret(
      SqlParserPos pos,
      boolean replace,
      boolean ifNotExists,
      SqlIdentifier name,
      SqlNodeList options) {
    super(OPERATOR, pos, replace, ifNotExists);
    this.name = name;
    this.options = options;
  }

  /** Whether a secret of that name may be there already. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  /** The secret's name. */
  public String name() {
    return name.getSimple();
  }

  /** The options: equalities of an identifier and a value. */
  public SqlNodeList options() {
    return options;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(name, options);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(getReplace() ? "CREATE OR REPLACE SECRET" : "CREATE SECRET");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    name.unparse(writer, 0, 0);
    Unparse.masked(writer, options);
  }
}
