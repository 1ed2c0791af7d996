package org.bindsql.parser;

import java.util.ArrayList;
import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlDelete;
import org.apache.calcite.sql.SqlInsert;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlUpdate;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/** A {@code WHEN … THEN …} of MERGE. */
public final class SqlMergeClause extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("WHEN", SqlKind.OTHER);

  /** Which rows a clause is for. */
  public enum When {
    /** A row of the target with a row of the source. */
    MATCHED("MATCHED"),
    /** A row of the source without one of the target. */
    NOT_MATCHED("NOT MATCHED"),
    /** A row of the target without one of the source. */
    NOT_MATCHED_BY_SOURCE("NOT MATCHED BY SOURCE");

    private final String sql;

    When(String sql) {
      this.sql = sql;
    }
  }

  private final When when;
  private final @Nullable SqlNode condition;
  private final @Nullable SqlNode action;

  /**
   * Creates a clause.
   *
   * @param condition a further condition, or null
   * @param action an {@link SqlUpdate}, {@link SqlDelete} or {@link SqlInsert}, or null to do
   *     nothing
   */
  public SqlMergeClause(
      SqlParserPos pos, When when, @Nullable SqlNode condition, @Nullable SqlNode action) {
    super(pos);
    this.when = when;
    this.condition = condition;
    this.action = action;
  }

  /** Which rows the clause is for. */
  public When when() {
    return when;
  }

  /** What they must fulfil, or null. */
  public @Nullable SqlNode condition() {
    return condition;
  }

  /** What is done: an {@link SqlUpdate}, {@link SqlDelete} or {@link SqlInsert}; or null. */
  public @Nullable SqlNode action() {
    return action;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> operands = new ArrayList<>();
    if (condition != null) {
      operands.add(condition);
    }
    if (action != null) {
      operands.add(action);
    }
    return operands;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("WHEN");
    writer.keyword(when.sql);
    if (condition != null) {
      writer.keyword("AND");
      condition.unparse(writer, 0, 0);
    }
    writer.keyword("THEN");
    switch (action) {
      case SqlUpdate update -> SqlInsertOnConflict.unparse(update, writer);
      case SqlInsert insert -> {
        writer.keyword("INSERT");
        if (insert.getTargetColumnList() != null) {
          insert.getTargetColumnList().unparse(writer, 1, 1);
        }
        insert.getSource().unparse(writer, 0, 0);
      }
      case SqlDelete delete -> writer.keyword("DELETE");
      case null, default -> writer.keyword("DO NOTHING");
    }
  }
}
