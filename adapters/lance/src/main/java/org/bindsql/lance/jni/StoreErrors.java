package org.bindsql.lance.jni;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bindsql.error.ErrorCode;
import org.bindsql.error.Redaction;
import org.jspecify.annotations.Nullable;

/**
 * What object stores answer, as Lance tells it: the request, how often it was tried, and the answer
 * with all that the store says, which may be the caller's signature.
 */
final class StoreErrors {
  private static final Pattern REQUEST =
      Pattern.compile(
          "Generic (\\w+) error: .*?Error performing (\\w+) ([^\\s?]+)\\S* in \\S+"
              + "(?:, after (\\d+) retries, max_retries: \\d+, retry_timeout: \\S+)?\\s+- (.*)",
          Pattern.DOTALL);

  /** The same where Lance prints its own structures. */
  private static final Pattern STRUCTURE =
      Pattern.compile(
          "store: \"(\\w+)\".*method: (\\w+), uri: Some\\(([^\\s?)]+)[^)]*\\), retries: (\\d+)(.*)",
          Pattern.DOTALL);

  private static final Pattern STATUS = Pattern.compile("status(?: code)?: (\\d{3})( [A-Za-z ]+)?");

  /** Why no answer came, in the structures of the network's own layers. */
  private static final Pattern REASON =
      Pattern.compile("(?:message|error): \\\\*\"([^\"\\\\]{1,200})");

  private static final Pattern CODE = Pattern.compile("<Code>([^<]{1,100})</Code>");
  private static final Pattern MESSAGE = Pattern.compile("<Message>([^<]{1,500})</Message>");

  private StoreErrors() {}

  private static @Nullable Matcher request(String message) {
    Matcher told = REQUEST.matcher(message);
    if (told.find()) {
      return told;
    }
    Matcher printed = STRUCTURE.matcher(message);
    return printed.find() ? printed : null;
  }

  /** The kind of failure of a request, or null if the message is not of one. */
  static @Nullable ErrorCode code(String message) {
    Matcher request = request(message);
    if (request == null) {
      return message.contains("Generic S3 error") || message.contains("store: \"S3\"")
          ? ErrorCode.IO_ERROR
          : null;
    }
    Matcher status = STATUS.matcher(request.group(5));
    return switch (status.find() ? Integer.parseInt(status.group(1)) : 0) {
      case 401, 403 -> ErrorCode.NOT_ALLOWED;
      case 404 -> ErrorCode.NO_SUCH_SCHEMA;
      default -> ErrorCode.IO_ERROR;
    };
  }

  /** What failed and why in a line without credentials, or null if the message is of no request. */
  static @Nullable String message(String message) {
    Matcher request = request(message);
    if (request == null) {
      return null;
    }
    String retries = request.group(4) == null ? "0" : request.group(4);
    return request.group(1)
        + " store failed at "
        + request.group(2)
        + " "
        + request.group(3)
        + (retries.equals("0") ? "" : " (tried again " + retries + " times)")
        + ": "
        + answer(request.group(5));
  }

  private static String answer(String detail) {
    Matcher status = STATUS.matcher(detail);
    if (!status.find()) {
      Matcher reason = REASON.matcher(detail);
      return Redaction.redact(
          reason.find() ? reason.group(1) : detail.replaceFirst(", location: Location.*", ""));
    }
    StringBuilder answer = new StringBuilder(status.group(1));
    if (status.group(2) != null) {
      answer.append(status.group(2));
    }
    Matcher code = CODE.matcher(detail);
    if (code.find()) {
      answer.append(", ").append(code.group(1));
    }
    Matcher text = MESSAGE.matcher(detail);
    if (text.find()) {
      answer.append(": ").append(text.group(1));
    }
    return answer.toString();
  }

  /** The failure, or one like it where its message would show a credential. */
  static Throwable withoutSecrets(Throwable failure) {
    String message = failure.getMessage();
    if (message == null || Redaction.redact(message).equals(message)) {
      return failure;
    }
    RuntimeException shown = new IllegalStateException(Redaction.redact(message));
    shown.setStackTrace(failure.getStackTrace());
    return shown;
  }
}
