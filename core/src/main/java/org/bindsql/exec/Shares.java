package org.bindsql.exec;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Shares of one piece of work, run by as many threads, the caller's among them. */
public final class Shares {
  private Shares() {}

  /**
   * Runs the shares; all have ended when it returns or throws.
   *
   * @param name of the threads beside the caller's, a number is added
   * @param shares at least one; the first is run by the caller's thread
   * @param onFailure called, by any thread, when a share has failed, to have the others end soon
   * @throws RuntimeException the first failure of any share
   */
  public static void run(String name, List<? extends Runnable> shares, Runnable onFailure) {
    AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    try {
      for (int i = 1; i < shares.size(); i++) {
        Runnable share = shares.get(i);
        threads.add(
            Thread.ofPlatform()
                .name(name + "-" + i)
                .daemon()
                .start(() -> run(share, failure, onFailure)));
      }
      run(shares.getFirst(), failure, onFailure);
    } catch (Throwable e) { // a thread that could not be started, for one
      fail(e, failure, onFailure);
    } finally {
      threads.forEach(thread -> join(thread, failure, onFailure));
    }
    Throwable first = failure.get();
    if (first instanceof RuntimeException e) {
      throw e;
    }
    if (first instanceof Error e) {
      throw e;
    }
  }

  private static void run(
      Runnable share, AtomicReference<@Nullable Throwable> failure, Runnable onFailure) {
    try {
      share.run();
    } catch (Throwable e) {
      fail(e, failure, onFailure);
    }
  }

  private static void fail(
      Throwable e, AtomicReference<@Nullable Throwable> failure, Runnable onFailure) {
    failure.compareAndSet(null, e);
    onFailure.run();
  }

  private static void join(
      Thread thread, AtomicReference<@Nullable Throwable> failure, Runnable onFailure) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
        fail(
            new BindSqlException(ErrorCode.CANCELLED, "statement interrupted", e),
            failure,
            onFailure);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
