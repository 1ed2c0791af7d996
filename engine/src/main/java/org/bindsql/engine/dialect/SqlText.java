package org.bindsql.engine.dialect;

import org.apache.calcite.sql.parser.SqlParserPos;

/** Places in the text of a statement. */
public final class SqlText {
  private SqlText() {}

  /** Where something stands in the statement, as messages end. */
  public static String at(SqlParserPos position) {
    return position.getLineNum() < 1
        ? ""
        : " (line " + position.getLineNum() + ", column " + position.getColumnNum() + ")";
  }

  /**
   * The statement with all text before the position blanked, so that error positions stay right.
   */
  public static String blankBefore(String sql, SqlParserPos position) {
    StringBuilder blanked = new StringBuilder(sql);
    for (int i = offset(sql, position) - 1; i >= 0; i--) {
      char c = sql.charAt(i);
      if (c != '\n' && c != '\r') {
        blanked.setCharAt(i, ' ');
      }
    }
    return blanked.toString();
  }

  /** Index of the character at a position, or the length of the text if it ends before. */
  public static int offset(String sql, SqlParserPos position) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < sql.length(); i++) {
      if (line == position.getLineNum() && column == position.getColumnNum()) {
        return i;
      }
      if (sql.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return sql.length();
  }
}
