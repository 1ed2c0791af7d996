package org.bindsql.parser;

/** Tokens after a column's name that begin its type, and not what may stand in its place. */
final class ColumnType {
  private ColumnType() {}

  static boolean startsWith(int token) {
    return switch (token) {
      case BindSqlParserConstants.COMMA,
          BindSqlParserConstants.RPAREN,
          BindSqlParserConstants.NOT,
          BindSqlParserConstants.NULL,
          BindSqlParserConstants.DEFAULT_,
          BindSqlParserConstants.PRIMARY,
          BindSqlParserConstants.UNIQUE,
          BindSqlParserConstants.CHECK,
          BindSqlParserConstants.REFERENCES,
          BindSqlParserConstants.AS,
          BindSqlParserConstants.COMMENT ->
          false;
      default -> true;
    };
  }
}
