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
import org.apache.calcite.util.ImmutableNullableList;
import org.jspecify.annotations.Nullable;

/** The statement {@code COMMENT ON TABLE table | COLUMN table.column IS text | NULL}. */
public final class SqlComment extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("COMMENT ON", SqlKind.OTHER_DDL);

  private final boolean column;
  private final SqlIdentifier name;
  private final @Nullable SqlNode text;

  /**
   * Creates the statement.
   *
   * @param column whether the name's last part is a column
   * @param text a text literal, or null to remove the comment
   */
  public SqlComment(SqlParserPos pos, boolean column, SqlIdentifier name, @Nullable SqlNode text) {
    super(pos);
    this.column = column;
    this.name = name;
    this.text = text;
  }

  /** Whether the name's last part is a column. */
  public boolean isOnColumn() {
    return column;
  }

  /** Name of the table, or of the table and its column. */
  public SqlIdentifier name() {
    return name;
  }

  /** The text literal, or null to remove the comment. */
  public @Nullable SqlNode text() {
    return text;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  @SuppressWarnings("nullness")
  public List<SqlNode> getOperandList() {
    return ImmutableNullableList.of(name, text);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(column ? "COMMENT ON COLUMN" : "COMMENT ON TABLE");
    name.unparse(writer, 0, 0);
    writer.keyword("IS");
    if (text == null) {
      writer.keyword("NULL");
    } else {
      text.unparse(writer, 0, 0);
    }
  }
}
