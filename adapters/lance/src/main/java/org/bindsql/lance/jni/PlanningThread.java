package org.bindsql.lance.jni;

import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.bindsql.lance.filter.LanceFilter;

/**
 * Runs calls that make Lance parse and plan a filter on a thread with a large stack.
 *
 * <p>Lance plans recursively on the caller's stack and a deep filter overruns an ordinary one,
 * which kills the process. {@link LanceFilter} bounds the depth; this is the second line.
 */
public final class PlanningThread {
  private static final long STACK_BYTES = 64L << 20;

  /** How long a thread waits for another call before it ends. */
  private static final long IDLE_SECONDS = 10;

  /** As many threads as there are calls at a time; a call never waits for another. */
  private static final ExecutorService THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          PlanningThread::thread);

  private PlanningThread() {}

  /**
   * Runs a call and waits for it.
   *
   * @param doing what is tried, for the message of a failure
   */
  public static <T> T call(String doing, Callable<T> call) {
    CompletableFuture<T> result = new CompletableFuture<>();
    THREADS.execute(() -> {
      try {
        result.complete(call.call());
      } catch (Throwable t) {
        result.completeExceptionally(t);
      }
    });
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

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "bindsql-lance-planning", STACK_BYTES);
    thread.setDaemon(true);
    // Else it would keep the class loader of whoever called first.
    thread.setContextClassLoader(null);
    return thread;
  }
}
