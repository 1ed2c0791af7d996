package org.bindsql.lance;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/**
 * Runs calls that make Lance parse and plan a filter on a thread with a large stack.
 *
 * <p>Lance plans recursively on the caller's stack and a deep filter overruns an ordinary one,
 * which kills the process. {@link LanceFilter} bounds the depth; this is the second line.
 */
final class PlanningThread {
  private static final long STACK_BYTES = 64L << 20;

  private PlanningThread() {}

  /**
   * Runs a call and waits for it.
   *
   * @param doing what is tried, for the message of a failure
   */
  static <T> T call(String doing, Callable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.complete(call.call());
              } catch (Throwable t) {
                result.completeExceptionally(t);
              }
            },
            "bindsql-lance-planning",
            STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return result.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof Error && !(cause instanceof LinkageError)) {
        throw new BindSqlException(ErrorCode.INTERNAL, doing + ": " + cause, cause);
      }
      throw LanceErrors.translate(doing, cause);
    }
  }
}
