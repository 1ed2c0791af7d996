package org.bindsql.error;

import org.jspecify.annotations.Nullable;

/**
 * Failure of a statement with its {@link ErrorCode}; the JDBC driver turns it into an SQLException.
 *
 * <p>The message says what failed, where, the value seen and what was expected; it never carries a
 * secret.
 */
public final class BindSqlException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** Creates an exception with a message for the user. */
  public BindSqlException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** Creates an exception with a message for the user and the failure that led to it. */
  public BindSqlException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The kind of failure. */
  public ErrorCode code() {
    return code;
  }
}
