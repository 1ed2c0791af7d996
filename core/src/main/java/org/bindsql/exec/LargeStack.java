package org.bindsql.exec;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs calls that go deeper than an ordinary thread's stack, as planning of a long expression does.
 */
public final class LargeStack {
  /** Address space; memory is used as deep as calls go, until the thread ends. */
  private static final long STACK_BYTES = 256L << 20;

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
          LargeStack::thread);

  private LargeStack() {}

  /**
   * Runs a call and waits for it; what it throws is thrown, unchanged, to the caller.
   *
   * @param call sees none of the caller's thread-local variables
   */
  public static <T> T call(Supplier<T> call) {
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    try {
      return CompletableFuture.supplyAsync(() -> with(classes, call), THREADS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  private static <T> T with(ClassLoader classes, Supplier<T> call) {
    Thread.currentThread().setContextClassLoader(classes);
    try {
      return call.get();
    } finally {
      // Else the thread would keep the class loader of whoever called last.
      Thread.currentThread().setContextClassLoader(null);
    }
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "bindsql-large-stack", STACK_BYTES);
    thread.setDaemon(true);
    return thread;
  }
}
