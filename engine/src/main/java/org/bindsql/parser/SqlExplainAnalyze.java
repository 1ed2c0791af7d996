package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlSpecialOperator;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The statement {@code EXPLAIN ANALYZE query}: runs the query and shows what each operator did. */
public final class SqlExplainAnalyze extends SqlCall {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("EXPLAIN ANALYZE", SqlKind.OTHER);

  private final SqlNode query;
  private final SqlParserPos queryPosition;

  /**
   * Creates the statement for a query or a DML statement.
   *
   * @param queryPosition position of the query's first token
   */
  public SqlExplainAnalyze(SqlParserPos pos, SqlNode query, SqlParserPos queryPosition) {
    super(pos);
    this.query = query;
    this.queryPosition = queryPosition;
  }

  /** Position of the query's first token. */
  public SqlParserPos queryPosition() {
    return queryPosition;
  }

  /** The statement to run. */
  public SqlNode query() {
    return query;
  }

  @Override
  public SqlOperator getOperator() {
    return OPERATOR;
  }

  @Override
  public List<SqlNode> getOperandList() {
    return List.of(query);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword("EXPLAIN");
    writer.keyword("ANALYZE");
    query.unparse(writer, 0, 0);
  }
}
