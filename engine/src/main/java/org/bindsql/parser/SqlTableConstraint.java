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

/**
 * A constraint of CREATE TABLE: {@code PRIMARY KEY (columns) [[NOT] ENFORCED]}, or one of a kind
 * that is parsed only to be refused by name.
 */
public final class SqlTableConstraint extends SqlCall {
  /** What a primary key is called. */
  public static final String PRIMARY_KEY = "PRIMARY KEY";

  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("CONSTRAINT", SqlKind.PRIMARY_KEY);

  private final String name;
  private final SqlNodeList columns;
  private final boolean enforced;

  private SqlTableConstraint(SqlParserPos pos, String name, SqlNodeList columns, boolean enforced) {
    super(pos);
    this.name = name;
    this.columns = columns;
    this.enforced = enforced;
  }

  /** A primary key over columns, enforced or only promised. */
  public static SqlTableConstraint primaryKey(
      SqlParserPos pos, SqlNodeList columns, boolean enforced) {
    return new SqlTableConstraint(pos, PRIMARY_KEY, columns, enforced);
  }

  /** A constraint that no table can have. */
  public static SqlTableConstraint unsupported(SqlParserPos pos, String name) {
    return new SqlTableConstraint(pos, name, SqlNodeList.EMPTY, false);
  }

  /** The kind as SQL writes it. */
  public String kind() {
    return name;
  }

  /** Names of the columns, in the order of the key. */
  public List<String> columns() {
    return columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
  }

  /** Whether writes that break it are refused. */
  public boolean enforced() {
    return enforced;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(columns);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(name);
    columns.unparse(writer, 1, 1);
    if (enforced) {
      writer.keyword("ENFORCED");
    }
  }
}
