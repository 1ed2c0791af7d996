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

/** The statement {@code ALTER INDEX name ON table OPTIMIZE [WITH (option = value, ...)]}. */
public final class SqlOptimizeIndex extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("ALTER INDEX", SqlKind.ALTER_INDEX);

  private final SqlIdentifier name;
  private final SqlIdentifier table;
  private final SqlNodeList options;

  /**
   * Creates the statement.
   *
   * @param options equalities of an identifier and a value; may be empty
   */
  public SqlOptimizeIndex(
      SqlParserPos pos, SqlIdentifier name, SqlIdentifier table, SqlNodeList options) {
    super(pos);
    this.name = name;
    this.table = table;
    this.options = options;
  }

  /** The index's name, of one part. */
  public SqlIdentifier name() {
    return name;
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
    return List.of(name, table, options);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("ALTER INDEX");
    name.unparse(writer, 0, 0);
    writer.keyword("ON");
    table.unparse(writer, 0, 0);
    writer.keyword("OPTIMIZE");
    Unparse.options(writer, options);
  }
}
