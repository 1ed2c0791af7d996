package org.bindsql.engine.dialect;

import org.apache.calcite.sql.SqlDialect;
import org.apache.calcite.sql.SqlIdentifier;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.dialect.AnsiSqlDialect;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Values that a statement writes out, and the way back to SQL's text. */
public final class Literals {
  private static final SqlDialect DIALECT =
      new AnsiSqlDialect(AnsiSqlDialect.DEFAULT_CONTEXT.withIdentifierQuoteString("\""));

  private Literals() {}

  /** A part of a statement as text that the parser reads again. */
  public static String sql(SqlNode node) {
    return node.toSqlString(DIALECT).getSql();
  }

  /** A literal as text; for a character literal its characters. */
  public static String text(SqlNode node) {
    if (node instanceof SqlLiteral literal) {
      return String.valueOf(literal.toValue());
    }
    throw new BindSqlException(
        ErrorCode.SYNTAX, "a text in one piece is expected" + SqlText.at(node.getParserPosition()));
  }

  /** A name written as an identifier, of one part or several, or as a text. */
  public static String name(SqlNode node) {
    return node instanceof SqlIdentifier identifier
        ? String.join(".", identifier.names)
        : text(node);
  }
}
