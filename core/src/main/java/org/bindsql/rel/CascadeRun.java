package org.bindsql.rel;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bindsql.exec.ExecutionContext;
import org.bindsql.exec.Shares;

/**
 * Partitions worked off by as many threads as there are workers, the caller's thread among them.
 *
 * <p>All threads have ended, and all partitions are closed, when {@link #run} returns or throws.
 */
final class CascadeRun<P extends AutoCloseable> {
  /** What a worker does with a partition, to its end or until told to stop. */
  @FunctionalInterface
  interface Work<P> {
    /**
     * Reads the partition and does not close it; calls {@link CascadeRun#proceed} before each
     * block.
     *
     * @param worker number of the worker, 0 to the number of workers less 1
     */
    void read(int worker, P partition);
  }

  private final List<P> partitions;
  private final ExecutionContext context;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicBoolean failed = new AtomicBoolean();

  CascadeRun(List<P> partitions, ExecutionContext context) {
    this.partitions = partitions;
    this.context = context;
  }

  /** Number of threads that are of use. */
  int threads() {
    return Math.max(1, Math.min(context.threads(), partitions.size()));
  }

  /** Whether to go on: false after another worker's failure; fails if the statement was ended. */
  boolean proceed() {
    context.checkCancelled();
    return !failed.get();
  }

  /**
   * Has all partitions read.
   *
   * @throws RuntimeException the first failure of any thread
   */
  void run(int workers, Work<P> work) {
    List<Runnable> shares =
        IntStream.range(0, workers).<Runnable>mapToObj(i -> () -> readAll(i, work)).toList();
    try {
      Shares.run("bindsql-cascade", shares, () -> failed.set(true));
    } catch (Throwable e) {
      closeUnread(e);
      throw e;
    }
  }

  private void readAll(int worker, Work<P> work) {
    for (int i = next.getAndIncrement(); i < partitions.size(); i = next.getAndIncrement()) {
      try (P partition = partitions.get(i)) {
        work.read(worker, partition);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) { // partitions close without checked exceptions
        throw new IllegalStateException(e);
      }
      if (failed.get()) {
        return;
      }
    }
  }

  private void closeUnread(Throwable failure) {
    for (int i = next.get(); i < partitions.size(); i++) {
      try {
        partitions.get(i).close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }
}
