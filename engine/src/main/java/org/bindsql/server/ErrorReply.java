package org.bindsql.server;

import java.io.IOException;
import java.sql.SQLException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.calcite.avatica.NoSuchConnectionException;
import org.apache.calcite.avatica.remote.Service.ErrorResponse;
import org.bindsql.error.ErrorCode;
import org.bindsql.jdbc.SqlErrors;
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
      switch (e) {
        case NoSuchConnectionException gone -> {
          return new ErrorReply(
              "08003",
              ErrorResponse.MISSING_CONNECTION_ERROR_CODE,
              "the connection is closed or expired");
        }
        case IOException unreadable -> {
          return error("08P01", "not a protobuf request of Avatica");
        }
        default -> {}
      }
    }
    SQLException known = SqlErrors.of(failure);
    String state = known.getSQLState() == null ? "HY000" : known.getSQLState();
    if (!state.equals(ErrorCode.INTERNAL.sqlState())) {
      return error(state, String.valueOf(known.getMessage()));
    }
    String id = Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 32);
    LOG.error("Request failed [{}]", id, failure);
    return error(state, "internal error; the server's log has it under " + id);
  }

  private static ErrorReply error(String sqlState, String message) {
    return new ErrorReply(
        sqlState, ErrorResponse.UNKNOWN_ERROR_CODE, CLASS_NAME.matcher(message).replaceAll(""));
  }
}
