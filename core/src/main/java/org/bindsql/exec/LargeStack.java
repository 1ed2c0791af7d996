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
  /** How long a thread waits for another call before it ends. */
  private static final long IDLE_SECONDS = 10;

  private final ExecutorService threads;

  /**
   * Creates a pool without threads: there will be as many as calls at a time, so that a call never
   * waits for another.
   *
   * @param name of the threads
   * @param bytes address space of a stack; memory is used as deep as calls go, until the thread
   *     ends
   */
  public LargeStack(String name, long bytes) {
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> thread(work, name, bytes));
  }

  /**
   * Runs a call and waits for it; what it throws is thrown, unchanged, to the caller.
   *
   * @param call sees none of the caller's thread-local variables
   */
  public <T> T call(Supplier<T> call) {
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    try {
      return CompletableFuture.supplyAsync(() -> with(classes, call), threads).join();
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

  private static Thread thread(Runnable work, String name, long bytes) {
    Thread thread = new Thread(null, work, name, bytes);
    thread.setDaemon(true);
    return thread;
  }
}
