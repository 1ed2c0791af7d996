package org.bindsql.jdbc;

import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Cancelling and timing out what a statement is doing. */
final class Execution {
  private static final ScheduledThreadPoolExecutor CLOCK = clock();

  private final AtomicBoolean cancelled;
  private @Nullable ScheduledFuture<?> alarm;
  private volatile boolean timedOut;

  /**
   * Creates an instance.
   *
   * @param cancelled the flag that operators look at
   */
  Execution(AtomicBoolean cancelled) {
    this.cancelled = cancelled;
  }

  /** Begins a run: forgets an earlier cancel, and sets the alarm if there is a bound. */
  synchronized void begin(long timeoutMillis) {
    end();
    cancelled.set(false);
    timedOut = false;
    if (timeoutMillis > 0) {
      alarm = CLOCK.schedule(this::ring, timeoutMillis, TimeUnit.MILLISECONDS);
    }
  }

  private synchronized void ring() {
    timedOut = true;
    cancelled.set(true);
  }

  /** Ends a run: the alarm is off. */
  synchronized void end() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  /** Ends the statement from another thread; nobody waits for the thread that runs it. */
  void cancel() {
    cancelled.set(true);
  }

  /** Whether the run was ended by its alarm. */
  boolean timedOut() {
    return timedOut;
  }

  private static ScheduledThreadPoolExecutor clock() {
    ScheduledThreadPoolExecutor clock =
        new ScheduledThreadPoolExecutor(
            1, task -> Thread.ofPlatform().daemon().name("bindsql-timeouts").unstarted(task));
    clock.setRemoveOnCancelPolicy(true);
    return clock;
  }
}
