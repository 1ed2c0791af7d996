package org.bindsql.server;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client is told about a failure.
 *
 * @param sqlState five characters
 * @param vendorCode 1 if the connection is unknown (the client may then connect anew), else -1
 * @param message text for the user, without class names of the server
 */
record ErrorReply(String sqlState, int vendorCode, String message) {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorReply.class);
  private static final Pattern CLASS_NAME =
      Pattern.compile("\\b(?:[a-z]\\w*\\.)+[A-Z][\\w$]*(?::\\s*)?");
  private static final int MAX_CAUSES = 32;

  /** The reply to a failure; one that the user did not cause is logged under a number. */
  static ErrorReply of(Throwable failure) {
    Throwable e = failure;
    for (int i = 0; e != null && i < MAX_CAUSES; i++, e = e.getCause()) {
      ErrorReply reply = known(e);
      if (reply != null) {
        return reply;
      }
    }
    String id = Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 32);
    LOG.error("Request failed [{}]", id, failure);
    return error(
        ErrorCode.INTERNAL.sqlState(), "internal error; the server's log has it under " + id);
  }

  private static @Nullable ErrorReply known(Throwable e) {
    return switch (e) {
      case BindSqlException own -> error(own.code().sqlState(), String.valueOf(own.getMessage()));
      case NoSuchConnectionException gone ->
          new ErrorReply(
              "08003",
              ErrorResponse.MISSING_CONNECTION_ERROR_CODE,
              "the connection is closed or expired");
      case SQLException sql when hasState(sql) ->
          error(sql.getSQLState(), String.valueOf(sql.getMessage()));
      case SQLException sql when sql.getCause() == null ->
          error("HY000", String.valueOf(sql.getMessage()));
      case IOException unreadable -> error("08P01", "not a protobuf request of Avatica");
      case StackOverflowError overflow ->
          error(ErrorCode.LIMIT_REACHED.sqlState(), "the statement is nested too deeply");
      case OutOfMemoryError memory ->
          error(ErrorCode.LIMIT_REACHED.sqlState(), "the server is out of memory");
      default -> null;
    };
  }

  private static boolean hasState(SQLException e) {
    return e.getSQLState() != null && !"00000".equals(e.getSQLState());
  }

  private static ErrorReply error(String sqlState, String message) {
    return new ErrorReply(
        sqlState, ErrorResponse.UNKNOWN_ERROR_CODE, CLASS_NAME.matcher(message).replaceAll(""));
  }
}
