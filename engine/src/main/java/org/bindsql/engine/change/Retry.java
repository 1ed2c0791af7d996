package org.bindsql.engine.change;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.calcite.DataContext;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;

/** Running again of a statement whose commit lost a race with another writer's. */
public final class Retry {
  /** Longest pause between two runs, in milliseconds. */
  private static final long MAX_PAUSE = 200;

  private Retry() {}

  /**
   * Runs a statement until it does not fail with SERIALIZATION_FAILURE, or its time is over.
   *
   * @param run one run from a fresh snapshot
   * @param root holds the flag that cancels
   * @param seconds how long to begin further runs; 0 for one run only
   */
  public static <T> T run(Supplier<T> run, DataContext root, double seconds) {
    long deadline = System.nanoTime() + (long) (seconds * 1e9);
    for (long pause = 2; ; pause = Math.min(2 * pause, MAX_PAUSE)) {
      try {
        return run.get();
      } catch (BindSqlException e) {
        if (e.code() != ErrorCode.SERIALIZATION_FAILURE || System.nanoTime() >= deadline) {
          throw e;
        }
        sleep(ThreadLocalRandom.current().nextLong(pause) + 1, root, e);
      }
    }
  }

  private static void sleep(long millis, DataContext root, BindSqlException failure) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure;
    }
    if (root.get(DataContext.Variable.CANCEL_FLAG.camelName) instanceof AtomicBoolean cancelled
        && cancelled.get()) {
      throw new BindSqlException(ErrorCode.CANCELLED, "statement cancelled", failure);
    }
  }
}
