package org.bindsql.parser;

import java.util.List;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.SqlNodeList;
import org.apache.calcite.sql.SqlWriter;
import org.apache.calcite.sql.ddl.SqlCreateTable;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.jspecify.annotations.Nullable;

/**
 * The statement {@code CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name [(elements)] [COMMENT text]
 * [WITH (options)] [AS query]}; it has elements, or a query, or both.
 *
 * <p>Elements are {@link SqlColumnDefinition} and {@link SqlTableConstraint}; options are
 * equalities of an identifier and a value.
 */
public final class SqlTableDefinition extends SqlCreateTable {
  private final @Nullable SqlNode comment;
  private final SqlNodeList options;
  private final SqlParserPos queryPosition;

  /**
   * Creates the statement.
   *
   * @param queryPosition position of the query's first token; not used without a query
   */
  public SqlTableDefinition(
      SqlParserPos pos,
      boolean replace,
      boolean ifNotExists,
      SqlIdentifier name,
      @Nullable SqlNodeList elements,
      @Nullable SqlNode comment,
      SqlNodeList options,
      @Nullable SqlNode query,
      SqlParserPos queryPosition) {
    super(pos, replace, ifNotExists, name, elements, query);
    this.comment = comment;
    this.options = options;
    this.queryPosition = queryPosition;
  }

  /** The comment, a text literal, or null. */
  public @Nullable SqlNode comment() {
    return comment;
  }

  /** The options: equalities of an identifier and a value. */
  public List<SqlNode> options() {
    return options.getList();
  }

  /** Position of the query's first token. */
  public SqlParserPos queryPosition() {
    return queryPosition;
  }

  @Override
  public void unparse(SqlWriter writer, int leftPrec, int rightPrec) {
    writer.keyword(getReplace() ? "CREATE OR REPLACE TABLE" : "CREATE TABLE");
    if (ifNotExists) {
      writer.keyword("IF NOT EXISTS");
    }
    name.unparse(writer, 0, 0);
    if (columnList != null) {
      columnList.unparse(writer, 1, 1);
    }
    if (comment != null) {
      writer.keyword("COMMENT");
      comment.unparse(writer, 0, 0);
    }
    Unparse.options(writer, options);
    if (query != null) {
      writer.keyword("AS");
      query.unparse(writer, 0, 0);
    }
  }
}
