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
import org.apache.calcite.util.ImmutableNullableList;
import org.jspecify.annotations.Nullable;

/** The statement {@code CREATE [OR REPLACE] VIEW [IF NOT EXISTS] name [(columns)] AS query}. */
public final class SqlViewDefinition extends SqlCreate {
  private static final SqlOperator OPERATOR =
      new SqlSpecialOperator("CREATE VIEW", SqlKind.CREATE_VIEW);

  private final SqlIdentifier name;
  private final @Nullable SqlNodeList columns;
  private final SqlNode query;
  private final SqlParserPos queryPosition;

  /**
   * Creates the statement.
   *
   * @param columns names of the columns, or null for the query's
   * @param queryPosition position of the query's first token
   */
  public SqlViewDefinition(
      SqlParserPos pos,
      boolean replace,
      boolean ifNotExists,
      SqlIdentifier name,
      @Nullable SqlNodeList columns,
      SqlNode query,
      SqlParserPos queryPosition) {
    super(OPERATOR, pos, replace, ifNotExists);
    this.name = name;
    this.columns = columns;
    this.query = query;
    this.queryPosition = queryPosition;
  }

  /** The view's name. */
  public SqlIdentifier name() {
    return name;
  }

  /** Names of the columns, or null for the query's. */
  public @Nullable List<String> columns() {
    return columns == null
        ? null
        : columns.stream().map(column -> ((SqlIdentifier) column).getSimple()).toList();
  }

  /** Whether a view that exists is no error. */
  public boolean ifNotExists() {
    return ifNotExists;
  }

  /** The query. */
  public SqlNode query() {
    return query;
  }

  /** Position of the query's first token. */
  public SqlParserPos queryPosition() {
    return queryPosition;
  }

  @Override
  @SuppressWarnings("nullness")
  public List<SqlNode> getOperandList() {
    return ImmutableNullableList.of(name, columns, query);
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(getReplace() ? "CREATE OR REPLACE VIEW" : "CREATE VIEW");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    name.unparse(writer, 0, 0);
    if (columns != null) {
      Unparse.list(writer, columns);
    }
    writer.keyword("AS");
    query.unparse(writer, 0, 0);
  }
}
