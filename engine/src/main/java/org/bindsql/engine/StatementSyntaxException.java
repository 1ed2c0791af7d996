package org.bindsql.engine;

import org.apache.calcite.sql.parser.SqlParseException;

/** A statement that does not parse; the cause knows the position. */
public final class StatementSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StatementSyntaxException(SqlParseException cause) {
    super(cause.getMessage(), cause);
  }
}
