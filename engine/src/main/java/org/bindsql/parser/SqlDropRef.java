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

/** The statements {@code DROP TAG} and {@code DROP BRANCH [IF EXISTS] name ON table}. */
public final class SqlDropRef extends SqlDrop {
  private static final SqlOperator TAG = new SqlSpecialOperator("DROP TAG", SqlKind.OTHER_DDL);
  private static final SqlOperator BRANCH =
      new SqlSpecialOperator("DROP BRANCH", SqlKind.OTHER_DDL);

  private final String ref;
  private final SqlIdentifier table;

  /**
   * Creates the statement.
   *
   * @param branch whether a branch goes, and not a tag
   */
  public SqlDropRef(
      SqlParserPos pos, boolean branch, boolean ifExists, String ref, SqlIdentifier table) {
    super(branch ? BRANCH : TAG, pos, ifExists);
    this.ref = ref;
    this.table = table;
  }

  /** Whether a branch goes, and not a tag. */
  public boolean isBranch() {
    return getOperator() == BRANCH;
  }

  /** Whether it is no error if there is none of the name. */
  public boolean isIfExists() {
    return ifExists;
  }

  /** Name of the tag or branch. */
  public String ref() {
    return ref;
  }

  /** The table. */
  public SqlIdentifier table() {
    return table;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(table);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(isBranch() ? "DROP BRANCH" : "DROP TAG");
    if (ifExists) {
      writer.keyword("IF EXISTS");
    }
    writer.identifier(ref, true);
    writer.keyword("ON");
    table.unparse(writer, 0, 0);
  }
}
