package org.bindsql.shell;

/** Command line that makes no sense; the message says which argument and why. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates an exception with a message for the user. */
  public UsageException(String message) {
    super(message);
  }
}
