package org.bindsql.files;

import java.util.ArrayList;
import java.util.List;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Rows of a file that cannot be read: the first ends the work, or so many are left out. */
public final class RejectedRows {
  private static final int KEPT = 100;

  private final boolean skip;
  private final long most;
  private final List<String> messages = new ArrayList<>();
  private long count;

  private RejectedRows(boolean skip, long most) {
    this.skip = skip;
    this.most = most;
  }

  /** The first rejected row is an error. */
  public static RejectedRows none() {
    return new RejectedRows(false, 0);
  }

  /** Rows are left out; more than so many are an error. */
  public static RejectedRows upTo(long most) {
    return new RejectedRows(true, most);
  }

  /** Takes note of a row that cannot be read, or throws. */
  void add(BindSqlException reason) {
    if (!skip) {
      throw reason;
    }
    count++;
    if (count > most) {
      throw new BindSqlException(
          ErrorCode.LIMIT_REACHED,
          "more than max_errors = %d rows cannot be read, the last: %s"
              .formatted(most, reason.getMessage()),
          reason);
    }
    if (messages.size() < KEPT) {
      messages.add(String.valueOf(reason.getMessage()));
    }
  }

  /** Number of rows left out. */
  public long count() {
    return count;
  }

  /** Why, for the first 100 of them: file, line, column, value and what was expected. */
  public List<String> messages() {
    return List.copyOf(messages);
  }
}
