package org.bindsql.lance.dataset;

import java.util.HashMap;
import java.util.Map;
import org.bindsql.error.BindSqlException;
import org.bindsql.error.ErrorCode;
import org.jspecify.annotations.Nullable;

/**
 * Keeps datasets in their places while they are changed.
 *
 * <p>Lance writes into the directory of a dataset whether or not the dataset is there still: a
 * commit after DROP would bring half a table back, or go to another table of the same name. So
 * whoever writes to a dataset shares its lock from before he looks whether it is there, and whoever
 * removes it owns the lock. Changes do not exclude one another; Lance finds their conflicts.
 *
 * <p>The lock is the process's, whatever session writes; it covers the dataset with its branches.
 * Nobody takes a second dataset's lock while he shares one. Thread-safe.
 */
public final class DatasetLock {
  /** How often who waits looks whether his statement was cancelled, in milliseconds. */
  private static final long CHECK_MILLIS = 50;

  private static final String BRANCHES = ".lance/tree/";

  private static final Map<String, DatasetLock> LOCKS = new HashMap<>();

  private final Map<Thread, Integer> sharers = new HashMap<>();
  private int waiting;
  private @Nullable Thread owner;

  private DatasetLock() {}

  /** Ends with {@link #close}, in the thread that began it. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Keeps a dataset in its place; waits while somebody removes it, or wants to. A thread may do so
   * again while it does, or owns the dataset.
   *
   * @param checkpoint run while it waits; what it throws ends the wait
   */
  public static Hold share(Location dataset, Runnable checkpoint) {
    String place = place(dataset);
    Thread thread = Thread.currentThread();
    synchronized (LOCKS) {
      DatasetLock lock = LOCKS.computeIfAbsent(place, p -> new DatasetLock());
      while (!lock.isHeldBy(thread) && (lock.owner != null || lock.waiting > 0)) {
        await(checkpoint);
        lock = LOCKS.computeIfAbsent(place, p -> new DatasetLock());
      }
      lock.sharers.merge(thread, 1, Integer::sum);
    }
    return () -> {
      synchronized (LOCKS) {
        LOCKS.computeIfPresent(
            place,
            (p, lock) -> {
              lock.sharers.computeIfPresent(thread, (t, n) -> n == 1 ? null : n - 1);
              return lock.ifUsed();
            });
        LOCKS.notifyAll();
      }
    };
  }

  /**
   * Removes a dataset, or puts another in its place: waits for those who change it.
   *
   * @param checkpoint run while it waits; what it throws ends the wait
   * @throws BindSqlException OBJECT_IN_USE if this thread is changing the dataset
   */
  public static Hold own(Location dataset, Runnable checkpoint) {
    String place = place(dataset);
    synchronized (LOCKS) {
      DatasetLock lock = LOCKS.computeIfAbsent(place, p -> new DatasetLock());
      if (lock.isHeldBy(Thread.currentThread())) {
        throw new BindSqlException(
            ErrorCode.OBJECT_IN_USE,
            dataset + " is being changed by the statement around this one");
      }
      lock.waiting++;
      try {
        while (lock.owner != null || !lock.sharers.isEmpty()) {
          await(checkpoint);
        }
        lock.owner = Thread.currentThread();
      } finally {
        lock.waiting--;
        LOCKS.computeIfPresent(place, (p, l) -> l.ifUsed());
        LOCKS.notifyAll();
      }
    }
    return () -> {
      synchronized (LOCKS) {
        LOCKS.computeIfPresent(
            place,
            (p, lock) -> {
              lock.owner = null;
              return lock.ifUsed();
            });
        LOCKS.notifyAll();
      }
    };
  }

  /** Whether somebody waits until a dataset is not changed any more. */
  public static boolean isWanted(Location dataset) {
    synchronized (LOCKS) {
      DatasetLock lock = LOCKS.get(place(dataset));
      return lock != null && lock.waiting > 0;
    }
  }

  private boolean isHeldBy(Thread thread) {
    return thread == owner || sharers.containsKey(thread);
  }

  /** The dataset's place, for branches that of the dataset they belong to. */
  private static String place(Location dataset) {
    String uri = dataset.uri();
    int branch = uri.indexOf(BRANCHES);
    return branch < 0 ? uri : uri.substring(0, branch + BRANCHES.indexOf('/'));
  }

  private @Nullable DatasetLock ifUsed() {
    return owner != null || waiting > 0 || !sharers.isEmpty() ? this : null;
  }

  private static void await(Runnable checkpoint) {
    checkpoint.run();
    try {
      LOCKS.wait(CHECK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BindSqlException(
          ErrorCode.CANCELLED, "interrupted while waiting for a change of a table", e);
    }
  }
}
