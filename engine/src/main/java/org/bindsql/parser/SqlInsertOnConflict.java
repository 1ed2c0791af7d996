package org.bindsql.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** The statement {@code INSERT … ON CONFLICT [(columns)] DO NOTHING | DO UPDATE SET …}. */
public final class SqlInsertOnConflict extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("INSERT ON CONFLICT", SqlKind.INSERT);

  private final SqlInsert insert;
  private final @Nullable SqlNodeList keys;
  private final @Nullable SqlUpdate update;

  /**
   * Creates the statement.
   *
   * @param keys columns by which rows conflict, or null for the primary key
   * @param update assignments and condition of DO UPDATE, or null for DO NOTHING
   */
  public SqlInsertOnConflict(
      SqlParserPos pos, SqlInsert insert, @Nullable SqlNodeList keys, @Nullable SqlUpdate update) {
    super(pos);
    this.insert = insert;
    this.keys = keys;
    this.update = update;
  }

  /** The statement without ON CONFLICT. */
  public SqlInsert insert() {
    return insert;
  }

  /** Columns by which rows conflict, or null for the primary key. */
  public @Nullable SqlNodeList keys() {
    return keys;
  }

  /** Assignments and condition of DO UPDATE, or null for DO NOTHING. */
  public @Nullable SqlUpdate update() {
    return update;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> operands = new ArrayList<>(List.of(insert));
    if (keys != null) {
      operands.add(keys);
    }
    if (update != null) {
      operands.add(update);
    }
    return operands;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    insert.unparse(writer, 0, 0);
    writer.keyword("ON CONFLICT");
    if (keys != null) {
      keys.unparse(writer, 1, 1);
    }
    writer.keyword("DO");
    if (update == null) {
      writer.keyword("NOTHING");
    } else {
      unparse(update, writer);
    }
  }

  /** Writes {@code UPDATE SET …} without the table's name. */
  static void unparse(SqlUpdate update, SqlWriter writer) {
    writer.keyword("UPDATE SET");
    for (int i = 0; i < update.getTargetColumnList().size(); i++) {
      writer.sep(",", false);
      SqlIdentifier column = (SqlIdentifier) update.getTargetColumnList().get(i);
      column.unparse(writer, 0, 0);
      writer.keyword("=");
      update.getSourceExpressionList().get(i).unparse(writer, 0, 0);
    }
    if (update.getCondition() != null) {
      writer.keyword("WHERE");
      update.getCondition().unparse(writer, 0, 0);
    }
  }
}
