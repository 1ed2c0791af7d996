package org.bindsql.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.arrow.memory.OutOfMemoryException;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** What goes wrong with files, for users. */
final class FileErrors {
  private FileErrors() {}

  /** A file that cannot be read or written for a reason of the file system. */
  static BindSqlException unreadable(Path file, IOException e) {
    if (Files.isDirectory(file)) {
      return new BindSqlException(
          ErrorCode.BAD_ARGUMENT, "'" + file + "' is a directory; expected a file", e);
    }
    return switch (e) {
      case NoSuchFileException ignored -> missing(file.toString());
      case AccessDeniedException ignored ->
          new BindSqlException(ErrorCode.NOT_ALLOWED, "file '" + file + "': permission denied", e);
      default ->
          new BindSqlException(
              ErrorCode.DATA_CORRUPTED, "file '" + file + "': " + e.getMessage(), e);
    };
  }

  /** A file that cannot be written. */
  static BindSqlException unwritable(Path file, IOException e) {
    ErrorCode code =
        switch (e) {
          case AccessDeniedException ignored -> ErrorCode.NOT_ALLOWED;
          case NoSuchFileException ignored -> ErrorCode.BAD_ARGUMENT;
          default ->
              String.valueOf(e.getMessage()).contains("No space left")
                  ? ErrorCode.LIMIT_REACHED
                  : ErrorCode.IO_ERROR;
        };
    String reason =
        switch (e) {
          case AccessDeniedException ignored -> "permission denied";
          case NoSuchFileException ignored -> "its folder does not exist";
          default -> String.valueOf(e.getMessage());
        };
    return new BindSqlException(code, "file '" + file + "' cannot be written: " + reason, e);
  }

  /** A file that does not exist. */
  static BindSqlException missing(String file) {
    return new BindSqlException(ErrorCode.NO_SUCH_TABLE, "no file '" + file + "'");
  }

  /** A file whose content is not what its format demands. */
  static BindSqlException damaged(Path file, FileFormat format, Throwable e) {
    Throwable origin = e; // a message made of its cause has the name of a class in front
    while (origin.getCause() != null && origin.getCause().toString().equals(origin.getMessage())) {
      origin = origin.getCause();
    }
    String message = String.valueOf(origin.getMessage());
    return new BindSqlException(
        ErrorCode.DATA_CORRUPTED,
        "file '"
            + file
            + "' is no "
            + format.title()
            + " file, or is damaged: "
            + firstLine(message),
        e);
  }

  /** What reading a file failed with: a failure of its own kind, or that the file is damaged. */
  static RuntimeException failure(Path file, FileFormat format, Throwable e) {
    return e instanceof BindSqlException || e instanceof OutOfMemoryException
        ? (RuntimeException) e
        : damaged(file, format, e);
  }

  static String firstLine(String message) {
    return message.lines().findFirst().orElse(message).strip();
  }
}
