package org.bindsql.parser;

import java.util.ArrayList;
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
import org.jspecify.annotations.Nullable;

/** The statement {@code MERGE INTO table [AS alias] USING source ON condition WHEN …}. */
public final class SqlMergeInto extends SqlCall {
  private static final SqlOperator OPERATOR = new SqlSpecialOperator("MERGE", SqlKind.MERGE);

  private final SqlNode table;
  private final @Nullable SqlIdentifier alias;
  private final SqlNode source;
  private final SqlNode condition;
  private final SqlNodeList clauses;

  /**
   * Creates the statement.
   *
   * @param clauses at least one {@link SqlMergeClause}, of which the first that applies to a row
   *     wins
   */
  public SqlMergeInto(
      SqlParserPos pos,
      SqlNode table,
      @Nullable SqlIdentifier alias,
      SqlNode source,
      SqlNode condition,
      SqlNodeList clauses) {
    super(pos);
    this.table = table;
    this.alias = alias;
    this.source = source;
    this.condition = condition;
    this.clauses = clauses;
  }

  /** The table to change. */
  public SqlNode table() {
    return table;
  }

  /** Its name in the statement, or null. */
  public @Nullable SqlIdentifier alias() {
    return alias;
  }

  /** The table or query to merge, perhaps with an alias. */
  public SqlNode source() {
    return source;
  }

  /** When a row of the source matches one of the table. */
  public SqlNode condition() {
    return condition;
  }

  /** What to do about the rows. */
  public List<SqlMergeClause> clauses() {
    return clauses.stream().map(SqlMergeClause.class::cast).toList();
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    List<SqlNode> operands = new ArrayList<>(List.of(table));
    if (alias != null) {
      operands.add(alias);
    }
    operands.addAll(List.of(source, condition, clauses));
    return operands;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("MERGE INTO");
    table.unparse(writer, 0, 0);
    if (alias != null) {
      writer.keyword("AS");
      alias.unparse(writer, 0, 0);
    }
    writer.keyword("USING");
    source.unparse(writer, 0, 0);
    writer.keyword("ON");
    condition.unparse(writer, 0, 0);
    clauses.forEach(clause -> clause.unparse(writer, 0, 0));
  }
}
