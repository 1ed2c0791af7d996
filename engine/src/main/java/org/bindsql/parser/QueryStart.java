package org.bindsql.parser;

/** Tokens that begin a query or DML, so that EXPLAIN can tell a query from PLAN FOR. */
final class QueryStart {
  private QueryStart() {}

  static boolean is(int token) {
    return switch (token) {
      case BindSqlParserConstants.SELECT,
          BindSqlParserConstants.WITH,
          BindSqlParserConstants.VALUES,
          BindSqlParserConstants.TABLE,
          BindSqlParserConstants.LPAREN,
          BindSqlParserConstants.INSERT,
          BindSqlParserConstants.UPSERT,
          BindSqlParserConstants.UPDATE,
          BindSqlParserConstants.DELETE,
          BindSqlParserConstants.MERGE ->
          true;
      default -> false;
    };
  }

  /** Tokens that begin DML of which our grammar knows more than Calcite's. */
  static boolean isExtended(int token) {
    return token == BindSqlParserConstants.INSERT || token == BindSqlParserConstants.MERGE;
  }
}
