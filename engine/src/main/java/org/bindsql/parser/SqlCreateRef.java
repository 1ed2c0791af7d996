package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCreate;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/**
 * The statements {@code CREATE [OR REPLACE] TAG} and {@code CREATE BRANCH}, with {@code [IF NOT
 * EXISTS] name ON table [FOR VERSION AS OF version]}.
 */
public final class SqlCreateRef extends SqlCreate {
  private static final SqlOperator TAG = new SqlSpecialOperator("CREATE TAG", SqlKind.OTHER_DDL);
  private static final SqlOperator BRANCH =
      new SqlSpecialOperator("CREATE BRANCH", SqlKind.OTHER_DDL);

  private final String ref;
  private final SqlIdentifier table;

  /**
   * Creates the statement.
   *
   * @param branch whether a branch is made, and not a tag
   * @param table a table, its newest version being meant, or a {@link SqlTableVersion}
   */
  public SqlCreateRef(
      SqlParserPos pos,
      boolean branch,
      boolean replace,
      boolean ifNotExists,
      String ref,
      SqlIdentifier table) {
    super(branch ? BRANCH : TAG, pos, replace, ifNotExists);
    this.ref = ref;
    this.table = table;
  }

  /** Whether a branch is made, and not a tag. */
  public boolean isBranch() {
    return getOperator() == BRANCH;
  }

  /** Whether nothing is to be done if the name is taken. */
  public boolean isIfNotExists() {
    return ifNotExists;
  }

  /** Name of the tag or branch. */
  public String ref() {
    return ref;
  }

  /** The table, or the version of one, that gets the name. */
  public SqlIdentifier table() {
    return table;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(table);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(getReplace() ? "CREATE OR REPLACE" : "CREATE");
    writer.keyword(isBranch() ? "BRANCH" : "TAG");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    writer.identifier(ref, true);
    writer.keyword("ON");
    table.unparse(writer, 0, 0);
  }
}
