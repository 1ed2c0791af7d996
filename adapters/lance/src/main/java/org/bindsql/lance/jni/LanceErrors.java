package org.bindsql.lance.jni;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import org.apache.arrow.memory.OutOfMemoryException;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.error.Redaction;

/**
 * Translation of what lance-core throws.
 *
 * <p>The native library has no typed exceptions for most failures, so the message decides; a test
 * pins the fragments, so that a version which changes its texts fails there.
 */
public final class LanceErrors {
  private LanceErrors() {}

  /**
   * The exception for the user.
   *
   * @param doing what was tried, on what: {@code "scan of table t"}
   */
  public static BindSqlException translate(String doing, Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof BindSqlException own) {
        return own;
      }
      if (t instanceof OutOfMemoryException) {
        // Arrow wraps it: "Could not load buffers for field ...".
        return new BindSqlException(
            ErrorCode.LIMIT_REACHED,
            doing + ": out of off-heap memory (memory_limit): " + message(t),
            failure);
      }
    }
    return new BindSqlException(
        code(failure), doing + ": " + message(failure), StoreErrors.withoutSecrets(failure));
  }

  /** What a failure of Lance means: {@link #translate}, or more where more is known. */
  @FunctionalInterface
  public interface Translation {
    /** The exception for the user; {@code doing} as of {@link #translate}. */
    BindSqlException of(String doing, Throwable failure);
  }

  /** Whether opening failed because there is no dataset at the place. */
  public static boolean isNoDataset(Throwable failure) {
    return failure instanceof IllegalArgumentException
        && String.valueOf(failure.getMessage()).contains("was not found");
  }

  /** The code of a failure, by its text. */
  public static ErrorCode code(Throwable failure) {
    if (failure instanceof AccessDeniedException) {
      return ErrorCode.NOT_ALLOWED;
    }
    String message = String.valueOf(failure.getMessage());
    String lower = message.toLowerCase(Locale.ROOT);
    ErrorCode ofStore = StoreErrors.code(message);
    if (ofStore != null) {
      return ofStore;
    }
    if (lower.contains("dataset already exists")) {
      return ErrorCode.TABLE_EXISTS;
    }
    if (lower.contains("too many concurrent writers")
        || lower.contains("retryable commit conflict")
        || lower.contains("incompatible transaction")
        || lower.contains("commit conflict")) {
      return ErrorCode.SERIALIZATION_FAILURE;
    }
    if (lower.contains("append with different schema")) {
      return ErrorCode.TYPE_MISMATCH;
    }
    if (lower.contains("contained null values") || lower.contains("non-nullable")) {
      return ErrorCode.NULL_NOT_ALLOWED;
    }
    if (lower.contains("permission denied") || lower.contains("read-only file system")) {
      return ErrorCode.READ_ONLY;
    }
    if (lower.contains("no space left")) {
      return ErrorCode.LIMIT_REACHED;
    }
    if (failure instanceof UnsupportedOperationException) {
      return ErrorCode.NOT_SUPPORTED;
    }
    if (failure instanceof IOException
        || lower.contains("was not found")
        || lower.contains("lanceerror(io)")
        || lower.contains("corrupt")
        || lower.contains("does not appear to be a lance file")) {
      return ErrorCode.DATA_CORRUPTED;
    }
    return failure instanceof IllegalArgumentException
        ? ErrorCode.BAD_ARGUMENT
        : ErrorCode.INTERNAL;
  }

  /**
   * First line of a message, without names of Java classes and the position in Lance's own source.
   */
  public static String message(Throwable failure) {
    if (failure instanceof AccessDeniedException || failure instanceof NoSuchFileException) {
      // Their message is the file alone.
      return failure.getMessage()
          + (failure instanceof AccessDeniedException ? ": permission denied" : ": no such file");
    }
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName();
    }
    String ofStore = StoreErrors.message(message);
    String line = ofStore == null ? message : ofStore;
    String first =
        line.lines()
            .findFirst()
            .orElse(line)
            .replaceFirst("^\\[errno \\d+] \\w+\\{errno=\\d+, message=", "")
            .replaceFirst("^(External error: |Wrapped error: )+", "")
            .replaceFirst(",? ?(<git>/|/)?\\S*\\.rs:\\d+:\\d+.*$", "")
            .strip();
    return ofStore == null ? Redaction.redact(first) : first;
  }
}
