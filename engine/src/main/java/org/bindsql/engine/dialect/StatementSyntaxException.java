package org.bindsql.engine.dialect;

import org.apache.calcite.sql.parser.SqlParseException;

/** A statement that does not parse; the cause knows the position. */
public final class StatementSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Keeps the parser's message and place. */
  public StatementSyntaxException(SqlParseException cause) {
    super(cause.getMessage(), cause);
  }
}
