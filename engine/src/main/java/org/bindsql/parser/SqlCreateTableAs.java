package org.bindsql.parser;

import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.ddl.SqlCreateTable;
import org.apache.calcite.sql.parser.SqlParserPos;

/** The statement {@code CREATE [OR REPLACE] TABLE [IF NOT EXISTS] name AS query}. */
public final class SqlCreateTableAs extends SqlCreateTable {
  private final SqlParserPos queryPosition;

  /**
   * Creates the statement.
   *
   * @param queryPosition position of the query's first token
   */
  public SqlCreateTableAs(
      SqlParserPos pos,
      boolean replace,
      boolean ifNotExists,
      SqlIdentifier name,
      SqlNode query,
      SqlParserPos queryPosition) {
    super(pos, replace, ifNotExists, name, null, query);
    this.queryPosition = queryPosition;
  }

  /** Position of the query's first token. */
  public SqlParserPos queryPosition() {
    return queryPosition;
  }
}
